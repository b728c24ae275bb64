// Leaflet's grid of tiles for the ground. Tiles wait in a queue and are painted a few at a
// time, the nearest to the middle first, so that a pan is never held up by them.

import { frame } from "./world.js";

const TILE_PX = 512;
const BUDGET_MS = 6;

export const GroundLayer = L.GridLayer.extend({
  options: { tileSize: TILE_PX, updateWhenIdle: false, updateInterval: 120, keepBuffer: 1 },

  initialize(painter, options) {
    L.GridLayer.prototype.initialize.call(this, options);
    this._painter = painter;
    this._waiting = [];
    this._asked = false;
  },

  createTile(coords, done) {
    const tile = document.createElement("canvas");
    const ratio = window.devicePixelRatio || 1;
    tile.width = tile.height = TILE_PX * ratio;
    this._waiting.push({ tile, coords, done });
    this._ask();
    return tile;
  },

  // Paint again what is on the screen: a layer was switched or the theme changed.
  repaint() {
    for (const { el, coords } of Object.values(this._tiles)) {
      this._waiting.push({ tile: el, coords, done: () => {} });
    }
    this._ask();
  },

  // Leaflet would scale whole-zoom tiles to a half zoom; ours are painted for the very zoom.
  _clampZoom() {
    return this._map.getZoom();
  },

  tilesWaiting() {
    return this._waiting.length;
  },

  _ask() {
    if (this._asked) return;
    this._asked = true;
    requestAnimationFrame(() => this._work());
  },

  _work() {
    this._asked = false;
    const until = performance.now() + BUDGET_MS;
    this._sort();
    while (this._waiting.length && performance.now() < until) this._paintOne(this._waiting.pop());
    if (this._waiting.length) this._ask();
  },

  _paintOne({ tile, coords, done }) {
    if (!this._map || coords.z !== this._tileZoom) return done(null, tile); // zoomed away
    const view = frame(coords.z, coords.x * TILE_PX, coords.y * TILE_PX, TILE_PX, TILE_PX);
    const ctx = tile.getContext("2d", { alpha: false });
    const ratio = tile.width / TILE_PX;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    this._painter.paint(ctx, view);
    return done(null, tile);
  },

  _sort() {
    if (!this._map) return;
    const middle = this._map.project(this._map.getCenter()).divideBy(TILE_PX);
    const away = ({ coords }) => Math.hypot(coords.x + 0.5 - middle.x, coords.y + 0.5 - middle.y);
    this._waiting.sort((a, b) => away(b) - away(a));
  },
});
