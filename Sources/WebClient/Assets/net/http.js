/** A refusal, or the lack of an answer, as every part of the client sees it. */
export class Refused extends Error {
  /** @param {{code: string, message?: string, retryable?: boolean, retry_after_ms?: number, details?: any}} error */
  constructor(error) {
    super(error.message ?? error.code);
    this.code = error.code;
    this.retryable = error.retryable ?? false;
    this.retry_after_ms = error.retry_after_ms;
    this.details = error.details;
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {any} [body]
 * @returns {Promise<any>}
 */
export async function request(method, path, body) {
  let response;
  try {
    response = await fetch(path, {
      method,
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Refused({ code: "offline", retryable: true });
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused({ code: "internal", ...answer });
  return answer;
}

/** @param {{name: string, password: string}} account */
export function signIn(account) {
  return request("POST", "/v1/sessions", { ...account, label: deviceLabel(), cookie: true });
}

/** @param {{name: string, password: string, invite?: string}} account */
export function signUp(account) {
  return request("POST", "/v1/accounts", { ...account, label: deviceLabel(), cookie: true });
}

export function signOut() {
  return request("DELETE", "/v1/sessions/current");
}

/** A one-time ticket for the socket, for the session that the cookie holds. @returns {Promise<string>} */
export async function takeTicket() {
  return (await request("POST", "/v1/tickets", {})).ticket;
}

function deviceLabel() {
  const agent = navigator.userAgent;
  const browser = /Firefox|Edg|Chrome|Safari/.exec(agent)?.[0] ?? "Browser";
  const system = /Windows|Android|iPhone|iPad|Mac OS|Linux/.exec(agent)?.[0] ?? "";
  return `${browser.replace("Edg", "Edge")} ${system}`.trim();
}
