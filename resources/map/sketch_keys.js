// The keyboard of a draft on the map: one table from a key to what the station is told.

const STEP_M = 1;
const LONG_STEP_M = 10;
const ARROWS = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowRight: [1, 0], ArrowLeft: [-1, 0] };

const WITH_POINT = {
  Delete: "delete",
  Backspace: "delete",
  Insert: "insert",
  i: "insert",
};
const ALWAYS = { Enter: "fields", Escape: "leave", n: "new" };

// What a key does to the draft, or null where the key is not the draft's.
export function actOf(event, { figure = -1, point = -1 }) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey) return withControl(key, event.shiftKey);
  if (event.altKey) return null;
  if (key === "Tab") return { do: "step", by: event.shiftKey ? -1 : 1 };
  const spot = { figure, point };
  if (ALWAYS[key]) return { do: ALWAYS[key], ...spot };
  if (figure < 0) return null; // the arrows move the map
  if (ARROWS[key]) {
    const metres = event.shiftKey ? LONG_STEP_M : STEP_M;
    const [east, north] = ARROWS[key].map((way) => way * metres);
    return { do: "nudge", east, north };
  }
  return WITH_POINT[key] ? { do: WITH_POINT[key], ...spot } : null;
}

function withControl(key, shift) {
  if (key === "y" || (key === "z" && shift)) return { do: "redo" };
  return key === "z" ? { do: "undo" } : null;
}
