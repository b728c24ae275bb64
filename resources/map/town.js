// The town's document as shapes, group by group, each decoded when it is first looked at.

import { metresToWorld, shapeFromSteps } from "./world.js";

export const MAJOR = 0;
export const MINOR = 1;
export const LANE = 2;

export class Town {
  constructor(source) {
    this.label = source.label;
    this.zoom = source.zoom;
    this._source = source;
    this._groups = new Map();
    [this._north, this._east] = source.origin;
    this.metre = metresToWorld(this._north / 1e6);
  }

  // The groups that a view needs: one when it lies within one, else all that it touches.
  groupsIn(view) {
    const grid = 2 ** this.zoom;
    const span = (low, high) => [Math.floor(low * grid), Math.ceil(high * grid) - 1];
    const [x0, x1] = span(view.west, view.east);
    const [y0, y1] = span(view.north, view.south);
    const found = [];
    for (let x = x0; x <= x1; x += 1) {
      for (let y = y0; y <= y1; y += 1) {
        const group = this._group(`${x}/${y}`);
        if (group) found.push(group);
      }
    }
    return found;
  }

  // Every street piece once: a piece stands in each group that it touches.
  allStreets() {
    const once = new Map();
    for (const key of Object.keys(this._source.tiles)) {
      for (const street of this._group(key).streets) {
        const { points } = street;
        once.set(`${street.name} ${points[0]} ${points[1]} ${points.at(-1)}`, street);
      }
    }
    return [...once.values()];
  }

  _group(key) {
    let group = this._groups.get(key);
    if (group === undefined) {
      const source = this._source.tiles[key];
      group = source ? this._decode(source) : null;
      this._groups.set(key, group);
    }
    return group;
  }

  _decode(source) {
    const { names } = this._source;
    const shape = (steps, first) => shapeFromSteps(steps, first, this._east, this._north);
    return {
      streets: source.streets.map((s) => ({
        ...shape(s, 3),
        kind: s[0],
        width: (s[1] / 10) * this.metre,
        name: names[s[2]],
      })),
      buildings: source.buildings.map((b) => ({ ...shape(b, 1), height: b[0] / 10 })),
      parks: source.parks.map((p) => ({ ...shape(p, 1), name: names[p[0]] })),
    };
  }
}
