// Fixed cameras: a glyph, the name beside it and the near part of what each sees.

import { checkedPlace, html, marker, setText, svg } from "./dom.js";

const SIZE = 28;

export class Cameras {
  constructor(map, renderer, chosen) {
    this._renderer = renderer;
    this._chosen = chosen;
    this._map = map;
    this._layer = L.layerGroup().addTo(map);
    this._cameras = new Map();
    this._selected = "";
  }

  replace(cameras) {
    this.clear();
    for (const [id, mark] of Object.entries(cameras)) this._cameras.set(id, this._make(id, mark));
    this.select(this._selected);
  }

  clear() {
    this._layer.clearLayers();
    this._cameras.clear();
  }

  show(on) {
    if (on) this._layer.addTo(this._map);
    else this._layer.remove();
    this.select(this._selected); // paths are made anew
  }

  select(camera) {
    this._selected = camera;
    for (const [id, { element, cone }] of this._cameras) {
      element.classList.toggle("selected", id === camera);
      cone.getElement()?.classList.toggle("selected", id === camera);
    }
  }

  at(camera) {
    return this._cameras.get(camera)?.at ?? null;
  }

  tags(far) {
    if (!this._map.hasLayer(this._layer)) return [];
    return [...this._cameras].map(([id, { element, at, title }]) => ({
      element,
      latlng: L.latLng(at),
      words: [title],
      reach: 17,
      rank: id === this._selected ? 0 : 8,
      optional: far && id !== this._selected,
    }));
  }

  _make(id, { at, title, cone }) {
    checkedPlace(at);
    const element = html("div", "camera");
    element.dataset.camera = id;
    const picture = svg("svg", { viewBox: "-14 -14 28 28", width: SIZE, height: SIZE });
    picture.append(
      svg("circle", { class: "ground", r: 13 }),
      svg("path", { class: "body", d: "M-9 -5 H4 V5 H-9 Z M5.5 -1.5 L10 -4.5 V4.5 L5.5 1.5 Z" }),
    );
    const name = html("b");
    setText(name, title);
    const tag = html("div", "tag");
    tag.append(name);
    element.append(picture, tag);
    const options = { title: `${title}, fixed camera`, zIndexOffset: 500 };
    const made = marker(at, element, [SIZE, SIZE], () => this._chosen(id), options);
    const ring = cone.map(checkedPlace);
    const seen = L.polygon(ring, {
      renderer: this._renderer,
      interactive: false,
      className: "cone",
    });
    this._layer.addLayer(seen);
    this._layer.addLayer(made);
    return { element, at, title, cone: seen };
  }
}
