// Small helpers to make elements; texts are always set as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

export function html(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

export function svg(tag, attributes = {}) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

// Setting the same text again would still cost a layout.
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function setClass(element, names, on) {
  for (const name of names) element.classList.toggle(name, name === on);
}

// An arc of a circle about the middle, `from` and `to` in percent of it, clockwise from the top.
export function arc(radius, from, to) {
  const low = Math.max(0, Math.min(from, to));
  const high = Math.min(99.99, Math.max(from, to));
  if (high - low < 0.01) return "";
  const point = (percent) => {
    const angle = (percent / 50) * Math.PI;
    return `${(Math.sin(angle) * radius).toFixed(2)} ${(-Math.cos(angle) * radius).toFixed(2)}`;
  };
  const wide = high - low > 50 ? 1 : 0;
  return `M${point(low)}A${radius} ${radius} 0 ${wide} 1 ${point(high)}`;
}

// A place that came from outside, or an error that says so.
export function checkedPlace(at) {
  if (!Array.isArray(at) || at.length !== 2 || !at.every(Number.isFinite)) {
    throw new Error(`${JSON.stringify(at)} is not a place`);
  }
  return at;
}

// Leaflet gives a marker a new z-index with each pixel that it moves south, and Chromium then
// sorts all layers anew, ten times a second. Here the order is the kind of mark alone.
const Mark = L.Marker.extend({
  _updateZIndex(offset) {
    const order = String(this.options.zIndexOffset + offset);
    if (this._icon && this._icon.style.zIndex !== order) this._icon.style.zIndex = order;
  },
});

// A marker whose element is ours; clicks and Enter call `chosen`.
export function marker(latlng, element, size, chosen, options = {}) {
  const icon = L.divIcon({ html: element, className: "mark", iconSize: size });
  const made = new Mark(latlng, { icon, keyboard: true, riseOnHover: true, ...options });
  made.on("click", chosen);
  return made;
}
