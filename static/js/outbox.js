// Edits on their way: kept in sessionStorage until the server has acknowledged them, sent in batches, replayed after a
// lost network, a lost answer or a lost session.
import { newKey } from "./http.js";

const QUIET_MS = 800;
const RETRY_MS = [3000, 8000, 20000, 60000];

export class Outbox {
  // `deliver(edits, key)` sends a batch and answers what http.call answers; `settle(edits, answer)` applies it;
  // `versionOf(edit)` is the version that the reader saw, fixed when the batch is made; `show(state, count)` tells the
  // reader: pending, saving, offline.
  constructor(name, { deliver, settle, show, versionOf }) {
    Object.assign(this, { name, deliver, settle, show, versionOf, timer: null, busy: false, failures: 0 });
    const kept = JSON.parse(sessionStorage.getItem(name) ?? "{}");
    this.queue = new Map(kept.queue ?? []);
    this.sent = kept.sent ?? null;
    window.addEventListener("online", () => this.flush());
    window.addEventListener("beforeunload", (event) => {
      if (this.size) event.preventDefault();
    });
  }

  get size() {
    return this.queue.size + (this.sent?.edits.length ?? 0);
  }

  get entries() {
    return [...(this.sent?.edits ?? []), ...this.queue.values()];
  }

  put(edits) {
    for (const edit of edits) this.queue.set(edit.id, edit);
    this.keep();
    this.show(navigator.onLine ? "pending" : "offline", this.size);
    this.later(QUIET_MS);
  }

  drop(id) {
    this.queue.delete(id);
    this.keep();
  }

  keep() {
    if (this.size) sessionStorage.setItem(this.name, JSON.stringify({ queue: [...this.queue], sent: this.sent }));
    else sessionStorage.removeItem(this.name);
  }

  later(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), wait);
  }

  // Sends everything that waits; a batch whose answer was lost goes again first, under its old key.
  async flush() {
    clearTimeout(this.timer);
    if (this.busy || !this.size) return;
    this.busy = true;
    this.sent ??= { key: newKey(), edits: [...this.queue.values()].map((edit) => ({ ...edit, version: this.versionOf(edit) })) };
    for (const edit of this.sent.edits) if (this.queue.get(edit.id)?.stamp === edit.stamp) this.queue.delete(edit.id);
    this.keep();
    this.show("saving", this.size);
    const answer = await this.deliver(this.sent.edits, this.sent.key);
    this.busy = false;
    this.receive(answer);
  }

  receive(answer) {
    if (answer.status === 0 || answer.status >= 500 || answer.status === 429) return this.retry(answer);
    if (answer.status === 401) return this.show("pending", this.size);
    const edits = this.sent.edits;
    this.sent = null;
    this.failures = 0;
    this.settle(edits, answer);
    this.keep();
    if (this.queue.size) this.later(0);
    return undefined;
  }

  retry(answer) {
    this.show(answer.status === 0 ? "offline" : "pending", this.size);
    this.later(RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)]);
    this.failures += 1;
  }
}
