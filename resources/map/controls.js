// What lies over the map: layer switches, zoom buttons, scale, cursor place, credits.

import { html } from "./dom.js";

const SWITCHES = [
  ["streets", "Streets", true],
  ["buildings", "Buildings", true],
  ["fences", "Fences", true],
  ["airspace", "Airspace", true],
  ["cameras", "Cameras", true],
  ["boroughs", "Boroughs", true],
  ["trails", "Trails", false],
];

export const firstShown = () => new Set(SWITCHES.filter((s) => s[2]).map((s) => s[0]));

// Buttons, so that Tab, Enter and Space work; left and right go along them.
export function addSwitches(map, changed) {
  const bar = html("div", "switches");
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", "Map layers");
  for (const [kind, words, on] of SWITCHES) {
    const button = html("button", "switch", words);
    button.type = "button";
    button.dataset.kind = kind;
    button.setAttribute("aria-pressed", String(on));
    button.addEventListener("click", () => {
      const now = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(now));
      changed(kind, now);
    });
    bar.append(button);
  }
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    const all = [...bar.children];
    all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
    event.stopPropagation();
    event.preventDefault();
  });
  place(map, bar);
}

export function addZoom(map, fit, draw) {
  const bar = html("div", "zoom");
  const buttons = [
    ["+", "Closer (+)", () => map.zoomIn()],
    ["−", "Farther (−)", () => map.zoomOut()],
    ["□", "Whole borough (B)", fit],
    ["✎", "Draw geofence and routes (E)", draw],
  ];
  for (const [sign, words, act] of buttons) {
    const button = html("button", "switch", sign);
    button.type = "button";
    button.title = words;
    button.setAttribute("aria-label", words);
    button.addEventListener("click", act);
    bar.append(button);
  }
  place(map, bar);
}

export function addCorners(map, credits) {
  L.control.scale({ imperial: false, maxWidth: 110, position: "bottomleft" }).addTo(map);
  const where = html("div", "where");
  document.querySelector(".leaflet-bottom.leaflet-left").append(where);
  place(map, html("div", "credits", credits));
  const show = ({ lat, lng }) => {
    where.textContent = `${lat.toFixed(4)}, ${lng.toFixed(4)}`.replaceAll("-", "−");
  };
  map.on("mousemove", ({ latlng }) => show(latlng));
  show(map.getCenter());
}

// What the controls cover, in pixels of the view: no place for words.
export function coveredBoxes(map) {
  const origin = map.getContainer().getBoundingClientRect();
  return [...map.getContainer().querySelectorAll(".switch, .credits")].map((element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const move = (x, y) => ({ left: left - x, right: right - x, top: top - y, bottom: bottom - y });
    return { ...move(origin.left, origin.top), words: true };
  });
}

// Clicks and wheel turns on a control are not the map's.
function place(map, element) {
  L.DomEvent.disableClickPropagation(element);
  L.DomEvent.disableScrollPropagation(element);
  map.getContainer().append(element);
}
