// Words beside marks: right of the mark, or left of it where the right is taken or cut off.

const TITLE_PX = 8.6; // a letter's mean width, wide rather than narrow
const LINE_PX = 7.6;
const LINE_HEIGHT = 19;

export function layOutTags(map, tags) {
  const size = map.getSize();
  const placed = tags.map((tag) => bodyOf(map, tag));
  for (const tag of [...tags].sort((a, b) => a.rank - b.rank)) {
    const point = map.latLngToContainerPoint(tag.latlng);
    const [right, left] = sides(point, tag);
    const bad = (box) =>
      (box.right > size.x ? 3 : 0) + (box.left < 0 ? 3 : 0) + overlaps(box, placed, tag);
    const flip = bad(left) < bad(right);
    tag.element.classList.toggle("flip", flip);
    placed.push({ ...(flip ? left : right), tag });
  }
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
  const half = (tag.words.length * LINE_HEIGHT) / 2;
  const middle = y - (tag.rise ?? 0);
  const box = { top: middle - half, bottom: middle + half };
  return [
    { ...box, left: x + tag.reach, right: x + tag.reach + width },
    { ...box, left: x - tag.reach - width, right: x - tag.reach },
  ];
}

const overlaps = (box, placed, tag) =>
  placed.filter(
    (other) =>
      other.tag !== tag &&
      other.left < box.right &&
      other.right > box.left &&
      other.top < box.bottom &&
      other.bottom > box.top,
  ).length;
