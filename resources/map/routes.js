// The plans that drones fly: a line over all points, and how far along it the drone is.

import { checkedPlace, html } from "./dom.js";

export class Routes {
  constructor(map, renderer) {
    this._map = map;
    this._renderer = renderer;
    this._routes = new Map(); // drone -> {line, mark}
  }

  apply(drone, mark) {
    const known = this._routes.get(drone);
    known?.line.remove();
    known?.mark?.remove();
    this._routes.delete(drone);
    if (!mark) return;
    const points = mark.points.map(checkedPlace);
    const className = `flown ${mark.tone}`;
    const style = { renderer: this._renderer, interactive: false, className, fill: false };
    const made = { line: L.polyline(points, style).addTo(this._map), mark: null };
    if (mark.current > 0 && mark.current <= points.length) {
      made.mark = this._progress(drone, mark, points).addTo(this._map);
    }
    this._routes.set(drone, made);
  }

  clear() {
    for (const drone of [...this._routes.keys()]) this.apply(drone, null);
  }

  _progress(drone, { current, tone }, points) {
    const words = html("span", "", `${current} of ${points.length}`);
    words.dataset.route = drone;
    const icon = L.divIcon({ html: words, className: `flown-words ${tone}`, iconSize: [9, 9] });
    return L.marker(points[current - 1], { icon, interactive: false, keyboard: false, zIndexOffset: 900 });
  }
}
