// The canvas draws in the style sheet's colours, so that a theme is one place.

const NAMES = [
  "ground", "outside", "park", "building-low", "building-mid", "building-high",
  "building-line", "road-major", "road-minor", "road-lane", "pavement", "centre-line",
  "street-name", "borough-line", "borough-line-working", "borough-name",
  "borough-name-working", "airspace", "airspace-fill", "airspace-quiet", "fence",
];

export function readPalette() {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((n) => [n, style.getPropertyValue(`--${n}`).trim()]));
}
