// What the page really shows, for the shift's report: elements in the document, frames seen.

const LEG_PX_PER_S = 500;
const LEGS = [[1, 0], [0, 1], [-1, 0], [0, -1]];

const shown = (element) => element.isConnected && element.getClientRects().length > 0;

export function figures(container) {
  const drawn = (what, name) =>
    new Set([...container.querySelectorAll(what)].filter(shown).map((e) => e.dataset[name])).size;
  return {
    drones: drawn("[data-drone]", "drone"),
    incidents: drawn("[data-incident]", "incident"),
    geofences: drawn("[data-fence]", "fence"),
  };
}

// A smooth pan round a square and back; `done` gets the frames a second that were drawn.
export function pan(map, seconds, done) {
  const { center, zoom } = { center: map.getCenter(), zoom: map.getZoom() };
  const leg = seconds / LEGS.length;
  let frames = 0;
  let running = true;
  const began = performance.now();
  const count = () => {
    frames += 1;
    if (running) requestAnimationFrame(count);
  };
  const next = (n) => {
    if (n === LEGS.length) {
      running = false;
      const rate = (frames * 1000) / (performance.now() - began);
      map.setView(center, zoom, { animate: false });
      done(rate);
      return;
    }
    map.once("moveend", () => next(n + 1));
    const [x, y] = LEGS[n];
    const step = [x * LEG_PX_PER_S * leg, y * LEG_PX_PER_S * leg];
    map.panBy(step, { animate: true, duration: leg, easeLinearity: 1 });
  };
  requestAnimationFrame(count);
  next(0);
}
