// Calls to the interface under /api/v1: JSON, the CSRF header, problems as values, signing in again over the page.
import { signInAgain } from "./relogin.js";
import { say } from "./words.js";

const csrf = () => document.querySelector('meta[name="csrf-token"]');

export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function once(method, url, { body, version, key }) {
  const headers = { Accept: "application/json", "X-CSRF-Token": csrf()?.content ?? "" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (version !== undefined) headers["If-Match"] = `"${version}"`;
  if (key) headers["Idempotency-Key"] = key;
  const answer = await fetch(url, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
    credentials: "same-origin",
  });
  const text = await answer.text();
  let data = null;
  try {
    data = text ? JSON.parse(text) : null;
  } catch {
    data = null;
  }
  if (answer.ok) return { ok: true, status: answer.status, data };
  return { ok: false, status: answer.status, problem: data ?? { code: "", detail: say("server-error") } };
}

// Answers {ok, status, data} or {ok: false, status, problem}; status 0 when the network is away.
// An ended session opens the sign-in dialog and the call is made again; `quiet` answers the 401 instead.
export async function call(method, url, options = {}) {
  try {
    const answer = await once(method, url, options);
    if (answer.status !== 401 || options.quiet) return answer;
    return (await signInAgain(csrf())) ? await once(method, url, options) : answer;
  } catch (error) {
    if (error instanceof TypeError) {
      return { ok: false, status: 0, problem: { code: "offline", detail: say("server-error") } };
    }
    throw error;
  }
}
