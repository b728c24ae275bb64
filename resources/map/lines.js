// Lines between places: trails flown, the way to a target, the preview of a target.

const RANGE_TEXT_FROM_M = 5;

export class Lines {
  constructor(map, renderer) {
    this._map = map;
    this._style = (className) => ({ renderer, interactive: false, className, fill: false });
    this._trails = new Map(); // drone -> {line, tail, points}
    this._targets = new Map();
    this._loud = new Set(); // drones whose trail is always shown: own or selected
    this._all = false;
    this._preview = null;
  }

  extend(drone, points) {
    const known = this._trails.get(drone) ?? this._makeTrail(drone);
    for (const point of points) known.points.push(point);
    known.line.setLatLngs(known.points);
  }

  cut(drone) {
    const known = this._trails.get(drone);
    if (!known) return;
    known.line.remove();
    known.tail.remove();
    this._trails.delete(drone);
  }

  clear() {
    for (const drone of [...this._trails.keys()]) this.cut(drone);
    for (const drone of [...this._targets.keys()]) this._aim(drone, null, null);
  }

  // The drone stands at `at`: its trail ends there and its target line starts there.
  follow(drone, at, target, tone) {
    const known = this._trails.get(drone);
    if (known) {
      known.tail.setLatLngs(at && known.points.length ? [known.points.at(-1), at] : []);
      for (const line of [known.line, known.tail]) this._tone(line, tone);
    }
    this._aim(drone, at, target, tone);
  }

  showAllTrails(on) {
    this._all = on;
    this._restyle();
  }

  alwaysShow(drones) {
    this._loud = drones;
    this._restyle();
  }

  preview(from, to) {
    this._preview?.remove();
    this._preview = null;
    if (!to) return;
    this._preview = L.layerGroup().addTo(this._map);
    this._preview.addLayer(crossAt(to, "preview", from ? this._words(from, to) : ""));
    if (from) this._preview.addLayer(L.polyline([from, to], this._style("preview-line")));
  }

  _words(from, to) {
    const metres = this._map.distance(from, to);
    return metres < RANGE_TEXT_FROM_M ? "" : `${Math.round(metres).toLocaleString("en-GB")} m`;
  }

  _makeTrail(drone) {
    const line = L.polyline([], { ...this._style("trail"), smoothFactor: 1 }).addTo(this._map);
    const tail = L.polyline([], this._style("trail")).addTo(this._map);
    const known = { line, tail, points: [] };
    this._trails.set(drone, known);
    this._restyle();
    return known;
  }

  _aim(drone, at, target, tone) {
    const known = this._targets.get(drone);
    if (!at || !target) {
      known?.line.remove();
      known?.cross.remove();
      this._targets.delete(drone);
      return;
    }
    const made = known ?? {
      line: L.polyline([], this._style("target")).addTo(this._map),
      cross: crossAt(target, "target").addTo(this._map),
    };
    this._targets.set(drone, made);
    made.line.setLatLngs([at, target]);
    made.cross.setLatLng(target);
    this._tone(made.line, tone);
    made.cross.getElement()?.classList.toggle("own", tone === "own");
  }

  _tone(line, tone) {
    line.getElement()?.classList.toggle("own", tone === "own");
  }

  _restyle() {
    for (const [drone, { line, tail }] of this._trails) {
      const hidden = !this._all && !this._loud.has(drone);
      for (const path of [line, tail]) path.getElement()?.classList.toggle("hidden", hidden);
    }
  }
}

function crossAt(latlng, kind, words = "") {
  const element = document.createElement("div");
  element.textContent = words;
  const icon = L.divIcon({ html: element, className: `cross ${kind}`, iconSize: [18, 18] });
  return L.marker(latlng, { icon, interactive: false, keyboard: false, zIndexOffset: 1000 });
}
