// Paints one tile of everything that stands still, bottom to top. Pure: sources in, pixels out.

import { LANE, MAJOR, MINOR } from "./town.js";
import { strokeDashedRing, touches, trace, traceNear } from "./world.js";

// Carriageway as a share of the space between the house fronts, and the least width in
// pixels by zoom: a street must stay visible when it is thinner than a pixel.
const CARRIAGEWAY = { [MAJOR]: 0.56, [MINOR]: 0.5, [LANE]: 0.46 };
const LEAST_PX = {
  [MAJOR]: { 12: 0.9, 13: 1.5, 14: 2.4, 15: 3.6, 16: 5 },
  [MINOR]: { 13: 0.6, 14: 1.2, 15: 2.2, 16: 3.4 },
  [LANE]: { 14: 0.6, 15: 1.3, 16: 2.2 },
};
const ROAD = { [MAJOR]: "road-major", [MINOR]: "road-minor", [LANE]: "road-lane" };
const BUILDINGS_FROM = 14;
const BUILDING_ALPHA = { 14: 0.45, 15: 0.75, 16: 0.9 };
const OUTLINES_FROM = 16;
const PAVEMENTS_FROM = 17;
const NAMES_UP_TO = 14;
const OWN_NAME_UP_TO = 12; // nearer, the streets say where one is
const HATCH_PX = 9;
const RALLY_PX = 10;
const TALL_M = [12, 24]; // limits of the three shades of a roof

export class Painter {
  constructor({ town, boroughs, airspace, names, palette, shown }) {
    Object.assign(this, { town, boroughs, airspace, names, palette, shown });
    this.fence = null; // {shapes: [{shape, out}], rally, active}
  }

  paint(ctx, view) {
    ctx.fillStyle = this.palette.ground;
    ctx.fillRect(0, 0, view.width, view.height);
    if (this.shown.has("boroughs")) this._dimTheRest(ctx, view);
    const groups = this.town.groupsIn(view);
    this._parks(ctx, view, groups);
    if (this.shown.has("streets")) this._streets(ctx, view, groups);
    if (this.shown.has("buildings")) this._buildings(ctx, view, groups);
    if (this.shown.has("boroughs")) this._boroughLines(ctx, view);
    if (this.shown.has("airspace")) this._airspace(ctx, view);
    if (this.shown.has("fences") && this.fence) this._fence(ctx, view);
    if (this.shown.has("streets")) this.names.paint(ctx, view, this.palette);
    if (this.shown.has("boroughs")) this._boroughNames(ctx, view);
  }

  _dimTheRest(ctx, view) {
    const working = this.boroughs.find((b) => b.working);
    if (!working) return;
    ctx.fillStyle = this.palette.outside;
    ctx.fillRect(0, 0, view.width, view.height);
    const lit = working.rings.filter((r) => touches(r, view));
    ctx.fillStyle = this.palette.ground;
    ctx.fill(pathOf(lit, view, true), "evenodd");
  }

  _parks(ctx, view, groups) {
    const parks = groups.flatMap((g) => g.parks.filter((p) => touches(p, view)));
    ctx.fillStyle = this.palette.park;
    ctx.fill(pathOf(parks, view, true));
  }

  _streets(ctx, view, groups) {
    const seen = groups.flatMap((g) => g.streets.filter((s) => touches(s, view, s.width)));
    const kinds = [LANE, MINOR, MAJOR].map((kind) => this._strokes(seen, kind, view));
    ctx.lineJoin = "round";
    ctx.lineCap = "butt";
    if (view.zoom >= PAVEMENTS_FROM) this._pavements(ctx, kinds.flat());
    ctx.lineCap = "round";
    if (view.zoom >= 15) this._cases(ctx, kinds.flat());
    for (const stroke of kinds.flat()) {
      ctx.strokeStyle = this.palette[ROAD[stroke.kind]];
      ctx.lineWidth = stroke.road;
      ctx.stroke(stroke.path);
    }
    if (view.zoom >= PAVEMENTS_FROM) this._centreLines(ctx, kinds.flat());
  }

  // One path for all streets of a kind and width: few strokes are cheap, many are not.
  _strokes(streets, kind, view) {
    const least = LEAST_PX[kind][Math.min(Math.floor(view.zoom), 16)];
    if (!least) return [];
    const byWidth = new Map();
    for (const street of streets) {
      if (street.kind !== kind) continue;
      const key = Math.round(street.width * view.scale * 2);
      if (!byWidth.has(key)) byWidth.set(key, []);
      byWidth.get(key).push(street);
    }
    return [...byWidth.values()].map((group) => {
      const front = group[0].width * view.scale;
      const road = Math.max(least, front * CARRIAGEWAY[kind]);
      const path = new Path2D();
      for (const street of group) traceNear(path, street, view, front);
      return { kind, front, road, path };
    });
  }

  // Dotted kerbs: a dashed broad stroke, its inside painted over, leaves a line on each side.
  _pavements(ctx, strokes) {
    ctx.setLineDash([2.5, 5]);
    ctx.strokeStyle = this.palette.pavement;
    for (const stroke of strokes) {
      ctx.lineWidth = stroke.front * 0.78;
      ctx.stroke(stroke.path);
    }
    ctx.setLineDash([]);
    ctx.strokeStyle = this.palette.ground;
    for (const stroke of strokes) {
      ctx.lineWidth = stroke.front * 0.78 - 2.6;
      ctx.stroke(stroke.path);
    }
  }

  _cases(ctx, strokes) {
    ctx.strokeStyle = this.palette.ground;
    for (const stroke of strokes) {
      ctx.lineWidth = stroke.road + 2.5;
      ctx.stroke(stroke.path);
    }
  }

  _centreLines(ctx, strokes) {
    ctx.lineCap = "butt";
    ctx.lineWidth = 1;
    ctx.strokeStyle = this.palette["centre-line"];
    ctx.setLineDash([8, 9]);
    for (const stroke of strokes) if (stroke.kind === MAJOR) ctx.stroke(stroke.path);
    ctx.setLineDash([]);
  }

  _buildings(ctx, view, groups) {
    if (view.zoom < BUILDINGS_FROM) return;
    const seen = groups.flatMap((g) => g.buildings.filter((b) => touches(b, view)));
    const shades = ["building-low", "building-mid", "building-high"];
    ctx.globalAlpha = BUILDING_ALPHA[Math.floor(view.zoom)] ?? 1;
    shades.forEach((shade, n) => {
      const tall = seen.filter(
        (b) => b.height >= (TALL_M[n - 1] ?? 0) && b.height < (TALL_M[n] ?? Infinity),
      );
      const path = pathOf(tall, view, true);
      ctx.fillStyle = this.palette[shade];
      ctx.fill(path);
      if (view.zoom < OUTLINES_FROM) return;
      ctx.strokeStyle = this.palette["building-line"];
      ctx.lineWidth = 1;
      ctx.stroke(path);
    });
    ctx.globalAlpha = 1;
  }

  _boroughLines(ctx, view) {
    ctx.lineJoin = "round";
    for (const borough of this.boroughs) {
      const rings = borough.rings.filter((r) => touches(r, view));
      if (!rings.length) continue;
      ctx.strokeStyle = this.palette[borough.working ? "borough-line-working" : "borough-line"];
      ctx.lineWidth = borough.working ? 1.6 : 1;
      ctx.stroke(pathOf(rings, view, true));
    }
  }

  _airspace(ctx, view) {
    for (const volume of this.airspace) {
      if (!touches(volume.shape, view)) continue;
      const colour = volume.caution ? "airspace" : "airspace-quiet";
      if (volume.caution) {
        ctx.fillStyle = this.palette["airspace-fill"];
        ctx.fill(pathOf([volume.shape], view, true));
      }
      ctx.strokeStyle = this.palette[colour];
      ctx.lineWidth = 1.4;
      strokeDashedRing(ctx, volume.shape, view, [3, 4]);
    }
  }

  // Solid enough to be seen at a glance when drones enforce it, else thin dots. What is to be
  // kept out of is hatched as well.
  _fence(ctx, view) {
    const { shapes, rally, active } = this.fence;
    ctx.strokeStyle = this.palette.fence;
    for (const { shape, out } of shapes) {
      if (!touches(shape, view)) continue;
      if (out) hatch(ctx, shape, view);
      ctx.lineWidth = active ? 2 : 1.5;
      strokeDashedRing(ctx, shape, view, active ? [11, 6] : [2, 7]);
    }
    for (const [x, y] of rally) this._rally(ctx, x * view.scale - view.left, y * view.scale - view.top, view);
  }

  _rally(ctx, x, y, view) {
    if (x < -RALLY_PX || y < -RALLY_PX || x > view.width + RALLY_PX || y > view.height + RALLY_PX) return;
    ctx.lineWidth = 1.5;
    ctx.beginPath();
    for (const [dx, dy] of [[0, -1], [1, 0], [0, 1], [-1, 0]]) ctx.lineTo(x + dx * RALLY_PX, y + dy * RALLY_PX);
    ctx.closePath();
    ctx.fillStyle = this.palette.ground;
    ctx.fill();
    ctx.stroke();
    ctx.font = '600 11px "IBM Plex Sans"';
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillStyle = this.palette.fence;
    ctx.fillText("R", x, y + 0.5);
  }

  _boroughNames(ctx, view) {
    if (view.zoom > NAMES_UP_TO) return;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    for (const borough of this.boroughs) {
      if (borough.working && view.zoom > OWN_NAME_UP_TO) continue;
      const x = borough.middle[0] * view.scale - view.left;
      const y = borough.middle[1] * view.scale - view.top;
      if (x < -150 || y < -20 || x > view.width + 150 || y > view.height + 20) continue;
      ctx.font = `${borough.working ? 600 : 400} ${view.zoom < 12 ? 11 : 13}px "IBM Plex Sans"`;
      ctx.fillStyle = this.palette[borough.working ? "borough-name-working" : "borough-name"];
      ctx.fillText(borough.name, x, y);
    }
  }
}

// Slanted lines that run on from tile to tile.
function hatch(ctx, shape, view) {
  ctx.save();
  ctx.clip(pathOf([shape], view, true));
  ctx.lineWidth = 1;
  ctx.globalAlpha = 0.55;
  ctx.beginPath();
  const first = HATCH_PX - ((view.left + view.top) % HATCH_PX) - HATCH_PX;
  for (let at = first; at < view.width + view.height + HATCH_PX; at += HATCH_PX) {
    ctx.moveTo(at, 0);
    ctx.lineTo(at - view.height, view.height);
  }
  ctx.stroke();
  ctx.restore();
}

function pathOf(shapes, view, closed) {
  const path = new Path2D();
  for (const shape of shapes) trace(path, shape, view, closed);
  return path;
}
