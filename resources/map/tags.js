// Words beside marks: right of the mark if that is free, else left, above or below it. Words
// that are optional (seen from afar) are dropped where they would lie on others.

const TITLE_PX = 8.4; // a letter's mean width, wide rather than narrow
const LINE_PX = 7.4;
const LINE_HEIGHT = 18;
const OVER_MARK = 0.3;
const CUT_OFF = 4; // being cut off at the view's edge counts as this many overlaps

// Returns the boxes that marks and their words now take, in pixels of the view.
// `covered`: boxes of what lies over the map.
export function layOutTags(map, tags, covered) {
  const size = map.getSize();
  const placed = [...covered, ...tags.map((tag) => bodyOf(map, tag))];
  for (const tag of [...tags].sort((a, b) => a.rank - b.rank)) {
    if (!tag.words.length) continue;
    const point = map.latLngToContainerPoint(tag.latlng);
    const badness = (box) => {
      const out = box.left < 0 || box.top < 0 || box.right > size.x || box.bottom > size.y;
      return (out ? CUT_OFF : 0) + overlaps(box, placed, tag);
    };
    let best = null;
    for (const [side, box] of Object.entries(sides(point, tag))) {
      const bad = badness(box);
      if (!best || bad < best.bad) best = { side, box, bad };
      if (!bad) break;
    }
    for (const side of ["left", "above", "below"]) {
      tag.element.classList.toggle(side, side === best.side);
    }
    const mute = Boolean(tag.optional) && best.bad > OVER_MARK;
    tag.element.classList.toggle("mute", mute);
    if (!mute) placed.push({ ...best.box, words: true, tag });
  }
  return placed;
}

function bodyOf(map, tag) {
  const { x, y } = map.latLngToContainerPoint(tag.latlng);
  const up = tag.rise ?? 0;
  const reach = tag.reach - 4;
  return { left: x - reach, right: x + reach, top: y - up - reach, bottom: y - up + reach, tag };
}

function sides({ x, y }, tag) {
  const [title, line] = tag.words;
  const width = Math.max(title.length * TITLE_PX, (line?.length ?? 0) * LINE_PX);
  const height = tag.words.length * LINE_HEIGHT;
  const middle = y - (tag.rise ?? 0);
  const beside = { top: middle - height / 2, bottom: middle + height / 2 };
  const over = { left: x - width / 2, right: x + width / 2 };
  const { reach } = tag;
  return {
    right: { ...beside, left: x + reach, right: x + reach + width },
    left: { ...beside, left: x - reach - width, right: x - reach },
    above: { ...over, top: middle - reach - height, bottom: middle - reach },
    below: { ...over, top: middle + reach, bottom: middle + reach + height },
  };
}

export const crossing = (a, b) =>
  a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top;

// Words over words cannot be read; words over a mark can.
const overlaps = (box, placed, tag) =>
  placed.reduce(
    (bad, other) =>
      bad + (other.tag !== tag && crossing(box, other) ? (other.words ? 1 : OVER_MARK) : 0),
    0,
  );
