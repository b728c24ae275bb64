// The ground in a drone's picture: a thin shape that follows its newest frame.

import { checkedPlace, setClass } from "./dom.js";

const TONES = ["own", "other", "silent"];

export class Footprints {
  constructor(map, renderer) {
    this._map = map;
    this._renderer = renderer;
    this._shapes = new Map();
    this._layer = L.layerGroup().addTo(map);
    this._tones = new Map();
  }

  apply(drone, mark) {
    if (!mark) return this._remove(drone);
    const ring = mark.ring.map(checkedPlace);
    const known = this._shapes.get(drone);
    if (known) known.setLatLngs(ring);
    else this._shapes.set(drone, this._make(ring));
    this._tones.set(drone, mark.tone);
    this._dress(drone);
  }

  clear() {
    for (const drone of [...this._shapes.keys()]) this._remove(drone);
  }

  show(on) {
    if (on) this._layer.addTo(this._map);
    else this._layer.remove();
    for (const drone of this._shapes.keys()) this._dress(drone);
  }

  _make(ring) {
    const options = { renderer: this._renderer, interactive: false, className: "footprint" };
    const made = L.polygon(ring, options);
    this._layer.addLayer(made);
    return made;
  }

  _dress(drone) {
    const element = this._shapes.get(drone).getElement();
    if (element) setClass(element, TONES, this._tones.get(drone));
  }

  _remove(drone) {
    const known = this._shapes.get(drone);
    if (known) this._layer.removeLayer(known);
    this._shapes.delete(drone);
    this._tones.delete(drone);
  }
}
