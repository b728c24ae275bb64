// Where street names stand at a zoom: the same answer for every tile, so that a name may cross
// tile edges. A name that would lie on another is dropped; wide streets are asked first.

import { LANE, MAJOR, MINOR } from "./town.js";

const FONT = '500 12px "IBM Plex Sans"';
const FIRST_ZOOM = 16;
const CLEAR_FROM = 17; // farther off they are many: fainter, and none for lanes
const LAST_ZOOM = 19;
const ZOOM_STEP = 0.5;
const GAP_PX = 420; // between two showings of a name along one street
const STRAIGHT = 0.985; // chord to length of the piece of street under a name
const DISC_PX = 9; // names are kept apart by discs strung along them
const CELL_PX = 32;

export class StreetNames {
  constructor(town) {
    this._town = town;
    this._byZoom = new Map();
    this._canvas = document.createElement("canvas").getContext("2d");
  }

  // Find the places ahead, a zoom at a time while nothing else is to do.
  prepare(zoom = FIRST_ZOOM) {
    if (zoom > LAST_ZOOM) return;
    requestIdleCallback(() => {
      this._at(zoom);
      this.prepare(zoom + ZOOM_STEP);
    });
  }

  paint(ctx, view, palette) {
    if (view.zoom < FIRST_ZOOM) return;
    ctx.font = FONT;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
    ctx.lineWidth = 3;
    ctx.strokeStyle = palette["road-minor"];
    ctx.fillStyle = palette["street-name"];
    ctx.globalAlpha = view.zoom < CLEAR_FROM ? 0.72 : 1;
    for (const name of this._at(view.zoom)) {
      const x = name.x - view.left;
      const y = name.y - view.top;
      const reach = name.half + 6;
      if (x < -reach || y < -reach || x > view.width + reach || y > view.height + reach) continue;
      ctx.save();
      ctx.translate(x, y);
      ctx.rotate(name.angle);
      ctx.strokeText(name.text, 0, 0.5);
      ctx.fillText(name.text, 0, 0.5);
      ctx.restore();
    }
    ctx.globalAlpha = 1;
  }

  _at(zoom) {
    if (!this._byZoom.has(zoom)) this._byZoom.set(zoom, this._place(zoom));
    return this._byZoom.get(zoom);
  }

  _place(zoom) {
    const scale = 256 * 2 ** zoom;
    this._canvas.font = FONT;
    const kinds = zoom < CLEAR_FROM ? [MAJOR, MINOR] : [MAJOR, MINOR, LANE];
    const streets = this._town.allStreets().filter((s) => s.name && kinds.includes(s.kind));
    streets.sort((a, b) => a.kind - b.kind || b.points.length - a.points.length);
    const taken = new Taken();
    const placed = [];
    for (const street of streets) {
      const half = this._canvas.measureText(street.name).width / 2;
      for (const spot of spotsAlong(street.points, scale, half * 2 + 16)) {
        const name = { ...spot, text: street.name, half };
        if (taken.add(name)) placed.push(name);
      }
    }
    return placed;
  }
}

// Places along a line where `need` pixels run straight, GAP_PX apart.
function spotsAlong(points, scale, need) {
  const at = [0];
  for (let i = 2; i < points.length; i += 2) {
    const step = Math.hypot(points[i] - points[i - 2], points[i + 1] - points[i - 1]) * scale;
    at.push(at.at(-1) + step);
  }
  const length = at.at(-1);
  if (length < need) return [];
  const count = Math.max(1, Math.floor(length / (need + GAP_PX)));
  const spots = [];
  for (let n = 0; n < count; n += 1) {
    const middle = (length * (n + 0.5)) / count;
    const [ax, ay] = pointAt(points, at, middle - need / 2, scale);
    const [bx, by] = pointAt(points, at, middle + need / 2, scale);
    if (Math.hypot(bx - ax, by - ay) < need * STRAIGHT) continue;
    let angle = Math.atan2(by - ay, bx - ax);
    if (angle > Math.PI / 2) angle -= Math.PI; // never upside down
    if (angle <= -Math.PI / 2) angle += Math.PI;
    spots.push({ x: (ax + bx) / 2, y: (ay + by) / 2, angle });
  }
  return spots;
}

function pointAt(points, at, distance, scale) {
  let i = 1;
  while (i < at.length - 1 && at[i] < distance) i += 1;
  const part = (distance - at[i - 1]) / (at[i] - at[i - 1] || 1);
  const mix = (k) => points[2 * i - 2 + k] + part * (points[2 * i + k] - points[2 * i - 2 + k]);
  return [mix(0) * scale, mix(1) * scale];
}

class Taken {
  constructor() {
    this._cells = new Map();
  }

  add(name) {
    const discs = [];
    const steps = Math.ceil((2 * name.half) / DISC_PX);
    for (let i = 0; i <= steps; i += 1) {
      const along = -name.half + (i * 2 * name.half) / steps;
      const x = name.x + Math.cos(name.angle) * along;
      const y = name.y + Math.sin(name.angle) * along;
      if (this._near(x, y)) return false;
      discs.push([x, y]);
    }
    for (const disc of discs) this._cell(disc[0], disc[1]).push(disc);
    return true;
  }

  _near(x, y) {
    for (let dx = -CELL_PX; dx <= CELL_PX; dx += CELL_PX) {
      for (let dy = -CELL_PX; dy <= CELL_PX; dy += CELL_PX) {
        const cell = this._cells.get(key(x + dx, y + dy));
        if (cell?.some(([ox, oy]) => Math.hypot(ox - x, oy - y) < 2 * DISC_PX)) return true;
      }
    }
    return false;
  }

  _cell(x, y) {
    const at = key(x, y);
    if (!this._cells.has(at)) this._cells.set(at, []);
    return this._cells.get(at);
  }
}

const key = (x, y) => `${Math.floor(x / CELL_PX)} ${Math.floor(y / CELL_PX)}`;
