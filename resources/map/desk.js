// Puts the map together and is the one door to it: `window.desk`. An error in a change is told
// in words and leaves the rest of the map working; any other reaches the station as what the
// page writes to its console.

import { OtherAircraft } from "./aircraft.js";
import { airspaceFrom, boroughsFrom } from "./areas.js";
import { GroundLayer } from "./base.js";
import { Cameras } from "./cameras.js";
import { addCorners, addSwitches, addZoom, coveredBoxes, firstShown } from "./controls.js";
import { Docks } from "./docks.js";
import { Drones } from "./drones.js";
import { Incidents } from "./incidents.js";
import { Lines } from "./lines.js";
import { Footprints } from "./footprints.js";
import { figures, pan } from "./measure.js";
import { StreetNames } from "./names.js";
import { Painter } from "./painter.js";
import { readPalette } from "./palette.js";
import { Pick } from "./pick.js";
import { Routes } from "./routes.js";
import { Sketch } from "./sketch.js";
import { layOutTags } from "./tags.js";
import { Town } from "./town.js";
import { shapeFromPlaces, worldX, worldY } from "./world.js";
import { Zones } from "./zones.js";

const CLOSE_ZOOM = 17;
const FAR_ZOOM = 14;
const VERY_FAR_ZOOM = 12;
const TAGS_EVERY_MS = 500;
const FONTS = ["400 13px", "500 12px", "600 13px"];

// Leaflet animates a pan by fractions of a pixel; a software compositor must then filter every
// pixel of the view anew, which costs four times as much as moving it by whole ones.
const { _runFrame: runFrame } = L.PosAnimation.prototype;
L.PosAnimation.include({
  _runFrame(progress) {
    runFrame.call(this, progress, true);
  },
});

class Desk {
  constructor(map, bridge, sources) {
    this._map = map;
    this._bridge = bridge;
    this._shown = firstShown();
    this._marks = new Map();
    this._selected = { drone: "", incident: "" };
    this._tagsAt = 0;
    this._covered = [];
    this._fitting = false;
    this._fitted = true; // tells no place of its own until the operator moves
    this._addGround(sources);
    this._addMarks(sources);
    this._addControls(sources);
    map.on("movestart", () => {
      this._fitted = this._fitting;
    });
    map.on("moveend", () => this._settled());
    map.on("resize", () => (this._fitted ? this.fitBorough() : this._settled()));
    this._settled();
  }

  // -- from the station ------------------------------------------------------------------
  // One change; returns what went wrong, in words, or "".
  apply(text) {
    const problems = [];
    const attempt = (what, act, instead = () => {}) => {
      try {
        act();
      } catch (error) {
        problems.push(`${what} cannot be drawn: ${error.message ?? error}.`);
        instead();
      }
    };
    let change = {};
    attempt("The update", () => {
      change = JSON.parse(text);
    });
    if (change.full) attempt("The map", () => this._clear());
    if (change.docks) attempt("The docks", () => this._docks.replace(change.docks));
    if (change.cameras) attempt("The cameras", () => this._cameras.replace(change.cameras));
    if (change.fence) attempt("The geofence", () => this._setFence(change.fence));
    for (const drone of change.cleared_trails ?? []) this._lines.cut(drone);
    each(change.trails, (drone, points) =>
      attempt(`The trail of ${drone}`, () => this._lines.extend(drone, points)),
    );
    each(change.incidents, (key, mark) =>
      attempt(
        `Incident ${key}`,
        () => this._incidents.apply(key, mark),
        () => this._incidents.remove(key),
      ),
    );
    each(change.drones, (drone, mark) =>
      attempt(
        drone,
        () => this._drone(drone, mark),
        () => this._drone(drone, null),
      ),
    );
    each(change.footprints, (drone, mark) =>
      attempt(
        `What ${drone} sees`,
        () => this._footprints.apply(drone, mark),
        () => this._footprints.apply(drone, null),
      ),
    );
    each(change.aircraft, (id, mark) =>
      attempt(
        `Aircraft ${id}`,
        () => this._aircraft.apply(id, mark),
        () => this._aircraft.remove(id),
      ),
    );
    each(change.routes, (drone, mark) =>
      attempt(
        `The route of ${drone}`,
        () => this._routes.apply(drone, mark),
        () => this._routes.apply(drone, null),
      ),
    );
    if (change.selected) attempt("The selection", () => this._select(change.selected));
    attempt("The words beside the marks", () => this._tags(Boolean(change.selected)));
    return problems.join(" ");
  }

  lookAt(lat, lon, zoom) {
    this._map.setView([lat, lon], zoom ?? this._map.getZoom(), { animate: false });
  }

  // Stays fitted through changes of the window's size until the operator moves the map.
  fitBorough() {
    if (!this._bounds) return;
    this._fitting = true;
    this._map.fitBounds(this._bounds, { animate: false, padding: [10, 10] });
    this._fitting = false;
    this._fitted = true;
  }

  choosePlace(prompt) {
    this._pick.start(prompt);
  }

  stopChoosing() {
    this._pick.stop();
  }

  // A draft to edit, as text; "null" takes it away.
  draw(text) {
    this._sketch.show(JSON.parse(text));
  }

  preview(drone, at) {
    this._lines.preview(this._drones.at(drone) ?? this._docks.at(drone), at);
  }

  setTheme(name) {
    document.documentElement.dataset.theme = name;
    this._painter.palette = readPalette();
    this._ground.repaint();
  }

  figures() {
    return figures(this._map.getContainer());
  }

  pan(seconds, id) {
    const fitted = this._fitted;
    pan(this._map, seconds, (rate) => {
      if (fitted) this.fitBorough();
      this._bridge.panned(id, rate);
    });
  }

  // -- putting together ------------------------------------------------------------------
  _addGround({ town, boroughs, airspace }) {
    const names = new StreetNames(town);
    const palette = readPalette();
    const shown = this._shown;
    this._painter = new Painter({ town, boroughs, airspace, names, palette, shown });
    this._ground = new GroundLayer(this._painter).addTo(this._map);
    names.prepare();
    const working = boroughs.find((b) => b.working);
    if (working) this._bounds = L.latLngBounds(working.rings.flatMap((r) => latLngs(r.points)));
  }

  _addMarks({ airspace }) {
    const renderer = L.svg({ padding: 0.4 });
    this._footprints = new Footprints(this._map, renderer);
    this._lines = new Lines(this._map, renderer);
    this._routes = new Routes(this._map, renderer);
    this._zones = new Zones(this._map, airspace, latLngs);
    const layer = L.layerGroup().addTo(this._map);
    const drone = (id) => this._chosen(this._drones.at(id), () => this._bridge.droneClicked(id));
    const incident = (key) =>
      this._chosen(this._marks.get(key)?.at, () => this._bridge.incidentClicked(key));
    const camera = (id) => this._chosen(this._cameras.at(id), () => this._bridge.cameraClicked(id));
    this._docks = new Docks(layer, drone);
    this._cameras = new Cameras(this._map, renderer, camera);
    this._incidents = new Incidents(layer, incident);
    this._drones = new Drones(layer, drone);
    this._aircraft = new OtherAircraft(layer);
  }

  _addControls({ town }) {
    addSwitches(this._map, (kind, on) => this._show(kind, on));
    addZoom(
      this._map,
      () => this.fitBorough(),
      () => this._bridge.drawn('{"do": "open"}'),
    );
    addCorners(
      this._map,
      `${town.label} · boundaries contain OS data © Crown copyright, OGL v3 · ` +
        "airspace not authoritative",
    );
    this._pick = new Pick(
      this._map,
      (lat, lon) => this._bridge.placeChosen(lat, lon),
      () => this._bridge.choiceCancelled(),
    );
    this._sketch = new Sketch(
      this._map,
      (act) => this._bridge.drawn(JSON.stringify(act)),
      () => this._pick.active,
    );
  }

  _show(kind, on) {
    if (on) this._shown.add(kind);
    else this._shown.delete(kind);
    if (kind === "trails") this._lines.showAllTrails(on);
    else if (kind === "cameras") this._showCameras(on);
    else this._ground.repaint();
    if (kind === "airspace" || kind === "fences") this._zones.show(kind, on);
  }

  _showCameras(on) {
    this._cameras.show(on);
    this._footprints.show(on);
    this._tags(true);
  }

  _setFence(fence) {
    const shapes = fence.shapes.map(({ ring, out }) => ({ shape: shapeFromPlaces(ring), out }));
    const rally = (fence.rally ?? []).map(([lat, lon]) => [worldX(lon), worldY(lat)]);
    const told = JSON.stringify([fence.shapes, fence.rally, fence.active]);
    this._painter.fence = { shapes, rally, active: fence.active };
    if (told !== this._fenceTold) this._ground.repaint();
    this._fenceTold = told;
    this._zones.setFence(fence);
  }

  // -- drawing ---------------------------------------------------------------------------
  _clear() {
    const parts = [this._drones, this._incidents, this._docks, this._lines, this._aircraft];
    for (const part of [...parts, this._cameras, this._footprints, this._routes]) part.clear();
    this._marks.clear();
  }

  _drone(drone, mark) {
    if (mark) this._marks.set(drone, mark);
    else this._marks.delete(drone);
    this._docks.apply(drone, mark);
    this._drones.apply(drone, mark);
    this._lines.follow(drone, mark?.at, mark?.target, mark?.tone);
    this._loudTrails();
  }

  _select(selected) {
    this._selected = selected;
    this._drones.select(selected.drone ?? "");
    this._docks.select(selected.drone ?? "");
    this._cameras.select(selected.camera ?? "");
    this._incidents.select(selected.incident ?? "");
    this._loudTrails();
  }

  _loudTrails() {
    const loud = [...this._marks].filter(
      ([drone, mark]) => mark.tone === "own" || drone === this._selected.drone,
    );
    this._lines.alwaysShow(new Set(loud.map(([drone]) => drone)));
  }

  // A click on a mark while a place is being chosen chooses the mark's place.
  _chosen(at, otherwise) {
    if (this._pick.active && at) this._pick.choose(at);
    else otherwise();
  }

  _settled() {
    const zoom = this._map.getZoom();
    const { classList } = this._map.getContainer();
    classList.toggle("close", zoom >= CLOSE_ZOOM);
    classList.toggle("far", zoom <= FAR_ZOOM);
    classList.toggle("very-far", zoom <= VERY_FAR_ZOOM);
    this._tags(true);
    if (this._fitting || this._fitted) return;
    const { lat, lng } = this._map.getCenter();
    this._bridge.moved(lat, lng, this._map.getZoom());
  }

  _tags(now) {
    if (!now && performance.now() - this._tagsAt < TAGS_EVERY_MS) return;
    this._tagsAt = performance.now();
    const far = this._map.getZoom() <= FAR_ZOOM;
    const fixed = [...this._docks.tags(), ...this._cameras.tags(far)];
    const flying = [...this._drones.tags(far), ...this._aircraft.tags(far)];
    const marks = [...flying, ...this._incidents.tags(far), ...fixed];
    const more = marks.length !== this._marked; // a new pin may stand on a zone's words
    this._marked = marks.length;
    if (now) this._covered = coveredBoxes(this._map);
    const taken = layOutTags(this._map, marks, this._covered);
    if (now || more) this._zones.layOut(taken);
  }
}

const each = (table, act) => Object.entries(table ?? {}).forEach(([key, value]) => act(key, value));

function latLngs(points) {
  const made = [];
  for (let i = 0; i < points.length; i += 2) {
    const lat = (Math.atan(Math.sinh(Math.PI * (1 - 2 * points[i + 1]))) * 180) / Math.PI;
    made.push(L.latLng(lat, (points[i] - 0.5) * 360));
  }
  return made;
}

// -- start ---------------------------------------------------------------------------------
const connect = () =>
  new Promise((done) => {
    new QWebChannel(qt.webChannelTransport, (channel) => done(channel.objects.bridge));
  });

async function load(name, make, otherwise, bridge) {
  try {
    const answer = await fetch(`/data/${name}.json`);
    if (!answer.ok) throw new Error(`answer ${answer.status}`);
    return make(await answer.json());
  } catch (error) {
    bridge.problem(`The map's ${name} cannot be drawn: ${error.message ?? error}.`);
    return otherwise;
  }
}

async function start() {
  const bridge = await connect();
  const nowhere = new Town({ label: "no streets", zoom: 15, origin: [0, 0], names: [], tiles: {} });
  const [town, boroughs, airspace] = await Promise.all([
    load("town", (source) => new Town(source), nowhere, bridge),
    load("boroughs", boroughsFrom, [], bridge),
    load("airspace", airspaceFrom, [], bridge),
    ...FONTS.map((font) => document.fonts.load(`${font} "IBM Plex Sans"`)),
  ]);
  window.desk = new Desk(window.foliumMap, bridge, { town, boroughs, airspace });
  document.addEventListener("keydown", (event) => {
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
    if (plain && event.key.toLowerCase() === "b") window.desk.fitBorough();
  });
  window.desk.fitBorough();
  bridge.ready();
}

start();
