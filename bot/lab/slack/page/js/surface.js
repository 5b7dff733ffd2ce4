/** Where blocks are, in a message or a modal, and what using one of their elements does there. */

import { act, refusalText } from "./api.js";
import { confirmed } from "./confirm.js";
import { toast } from "./toast.js";

// A button spins until its message changes, but no longer than this.
const LONGEST_SPIN_MS = 5000;

export class Surface {
  /** `place` is {channel, ts} of a message or {view_id} of a modal. */
  constructor(place) {
    this.place = place;
    this.inputs = [];
  }

  /** Remember how to read an input, for the modal's submission. */
  register(blockId, spec, read) {
    this.inputs.push({ blockId, actionId: spec.action_id, type: spec.type, read });
  }

  /** The `values` of a view_submission: {block_id: {action_id: {type, ...value}}}. */
  values() {
    const values = {};
    for (const { blockId, actionId, type, read } of this.inputs) {
      values[blockId] = { ...values[blockId], [actionId]: { type, ...read() } };
    }
    return values;
  }

  /**
   * Tell the lab that `control` was used and set to `chosen`, after the element's confirmation.
   * Resolves to whether it was: if not confirmed, the control is reset.
   */
  async use(blockId, spec, chosen, control) {
    if (control.getAttribute("aria-busy") === "true") return false;
    if (spec.confirm && !(await confirmed(spec.confirm))) return false;
    const done = spin(control);
    const answer = await act(this.place, blockId, spec.action_id, chosen);
    if (!answer.ok) {
      done();
      toast(refusalText(answer), "bad");
    }
    return answer.ok;
  }
}

function spin(control) {
  control.setAttribute("aria-busy", "true");
  const done = () => control.removeAttribute("aria-busy");
  setTimeout(done, LONGEST_SPIN_MS);
  return done;
}
