// Boroughs and airspace volumes as shapes.

import { shapeFromSteps } from "./world.js";

const ring = (steps) => shapeFromSteps(steps, 0, 0, 0);

export function boroughsFrom(source) {
  return source.map((area) => {
    const rings = area.rings.map(ring);
    const largest = rings.reduce((a, b) => (spread(b) > spread(a) ? b : a));
    return { name: area.name, working: area.working, rings, largest, middle: middleOf(largest) };
  });
}

export function airspaceFrom(source) {
  return source.map((volume) => ({ ...volume, shape: ring(volume.ring) }));
}

const spread = (shape) => (shape.east - shape.west) * (shape.south - shape.north);

// Centre of gravity of a ring: where a name stands.
function middleOf({ points }) {
  let area = 0;
  let x = 0;
  let y = 0;
  const [baseX, baseY] = points; // differences keep the digits that matter
  for (let i = 0, j = points.length - 2; i < points.length; j = i, i += 2) {
    const ax = points[j] - baseX;
    const ay = points[j + 1] - baseY;
    const bx = points[i] - baseX;
    const by = points[i + 1] - baseY;
    const cross = ax * by - bx * ay;
    area += cross;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  return area ? [baseX + x / (3 * area), baseY + y / (3 * area)] : [baseX, baseY];
}
