// Shapes in Web Mercator, the whole world being 0..1 both ways, and how they get on a canvas.
// Knows no Leaflet and no colour.

const EQUATOR_M = 40075016.7;

export const worldX = (lonDeg) => lonDeg / 360 + 0.5;

export function worldY(latDeg) {
  const sine = Math.sin((latDeg * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}

export const metresToWorld = (latDeg) => 1 / (EQUATOR_M * Math.cos((latDeg * Math.PI) / 180));

// Steps of 1e-6 degree, east then north, the first pair from (originEast, originNorth).
// Returns a shape: points [x, y, ...] with their bounding box.
export function shapeFromSteps(steps, first, originEast, originNorth) {
  const points = new Float64Array(steps.length - first);
  const box = { west: Infinity, north: Infinity, east: -Infinity, south: -Infinity };
  let east = originEast;
  let north = originNorth;
  for (let i = first, at = 0; i + 1 < steps.length; i += 2, at += 2) {
    east += steps[i];
    north += steps[i + 1];
    const x = worldX(east / 1e6);
    const y = worldY(north / 1e6);
    points[at] = x;
    points[at + 1] = y;
    box.west = Math.min(box.west, x);
    box.east = Math.max(box.east, x);
    box.north = Math.min(box.north, y);
    box.south = Math.max(box.south, y);
  }
  return { points, ...box };
}

export function shapeFromPlaces(places) {
  const steps = [];
  let lastEast = 0;
  let lastNorth = 0;
  for (const [lat, lon] of places) {
    const east = Math.round(lon * 1e6);
    const north = Math.round(lat * 1e6);
    steps.push(east - lastEast, north - lastNorth);
    [lastEast, lastNorth] = [east, north];
  }
  return shapeFromSteps(steps, 0, 0, 0);
}

// What of the world a canvas shows: `scale` pixels for the whole world, (left, top) its corner.
export function frame(zoom, left, top, width, height) {
  const scale = 256 * 2 ** zoom;
  const box = {
    west: left / scale,
    north: top / scale,
    east: (left + width) / scale,
    south: (top + height) / scale,
  };
  return { zoom, scale, left, top, width, height, ...box };
}

export function touches(shape, view, margin = 0) {
  return (
    shape.west <= view.east + margin &&
    shape.east >= view.west - margin &&
    shape.north <= view.south + margin &&
    shape.south >= view.north - margin
  );
}

// Add a shape to a path; points nearer than `step` pixels to the last one are left out.
export function trace(path, shape, view, closed, step = 0.5) {
  const { points } = shape;
  const { scale, left, top } = view;
  let lastX = points[0] * scale - left;
  let lastY = points[1] * scale - top;
  path.moveTo(lastX, lastY);
  const end = points.length - 2;
  for (let i = 2; i <= end; i += 2) {
    const x = points[i] * scale - left;
    const y = points[i + 1] * scale - top;
    if (i < end && Math.abs(x - lastX) < step && Math.abs(y - lastY) < step) continue;
    path.lineTo(x, y);
    lastX = x;
    lastY = y;
  }
  if (closed) path.closePath();
}

// Add only the stretches of a line that come near the view: a canvas dashes and joins also what
// it will not show, and a street may be twenty times as long as a tile.
export function traceNear(path, shape, view, margin) {
  const { points } = shape;
  const { scale, left, top } = view;
  let ax = points[0] * scale - left;
  let ay = points[1] * scale - top;
  let drawing = false;
  for (let i = 2; i < points.length; i += 2) {
    const bx = points[i] * scale - left;
    const by = points[i + 1] * scale - top;
    const near =
      Math.min(ax, bx) <= view.width + margin &&
      Math.max(ax, bx) >= -margin &&
      Math.min(ay, by) <= view.height + margin &&
      Math.max(ay, by) >= -margin;
    if (near && !drawing) path.moveTo(ax, ay);
    if (near) path.lineTo(bx, by);
    drawing = near;
    ax = bx;
    ay = by;
  }
}

// Stroke a ring with dashes, edge by edge and no farther than the view, the dashes running on
// from edge to edge and from tile to tile.
export function strokeDashedRing(ctx, { points }, view, dash) {
  const { scale, left, top } = view;
  ctx.setLineDash(dash);
  let run = 0;
  for (let i = 0; i < points.length; i += 2) {
    const j = (i + 2) % points.length;
    const a = [points[i] * scale - left, points[i + 1] * scale - top];
    const step = [points[j] * scale - left - a[0], points[j + 1] * scale - top - a[1]];
    const length = Math.hypot(...step);
    const part = clippedPart(a, step, view, 4);
    if (part) {
      const [low, high] = part;
      ctx.lineDashOffset = run + low * length;
      ctx.beginPath();
      ctx.moveTo(a[0] + step[0] * low, a[1] + step[1] * low);
      ctx.lineTo(a[0] + step[0] * high, a[1] + step[1] * high);
      ctx.stroke();
    }
    run += length;
  }
  ctx.lineDashOffset = 0;
  ctx.setLineDash([]);
}

// From which to which part of a segment lies in a box round (0, 0) to (width, height).
export function clippedPart(a, step, { width, height }, marginX, marginY = marginX) {
  let low = 0;
  let high = 1;
  const limits = [
    [-step[0], a[0] + marginX],
    [step[0], width + marginX - a[0]],
    [-step[1], a[1] + marginY],
    [step[1], height + marginY - a[1]],
  ];
  for (const [slope, room] of limits) {
    if (slope === 0 && room < 0) return null;
    if (slope < 0) low = Math.max(low, room / slope);
    if (slope > 0) high = Math.min(high, room / slope);
  }
  return low < high ? [low, high] : null;
}
