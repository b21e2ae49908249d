/** HAR files for tests: what was asked and answered, told in a few words. */
export interface Told {
  readonly method?: string;
  readonly url: string;
  /** Milliseconds after the first. */
  readonly at?: number;
  readonly took?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly params?: readonly object[];
  readonly type?: string;
  readonly status?: number;
  readonly answer?: unknown;
  readonly mime?: string;
  readonly answered?: Readonly<Record<string, string>>;
  readonly page?: string;
  readonly resource?: string;
}

const pairs = (headers: Readonly<Record<string, string>> = {}) => Object.entries(headers).map(([name, value]) => ({ name, value }));

/** What every browser says, and no scenario should. */
const browser = {
  Host: "shop.example", "User-Agent": "Mozilla/5.0", Accept: "text/html,*/*;q=0.8", "Accept-Language": "de", "Accept-Encoding": "gzip, br", Referer: "https://shop.example/", Origin: "https://shop.example",
  "Sec-Fetch-Mode": "navigate", "Sec-CH-UA": '"Chromium"', Connection: "keep-alive", "Cache-Control": "no-cache", DNT: "1",
};

export function har(told: readonly Told[], pages: Readonly<Record<string, string>> = {}): string {
  const entries = told.map(({ method = "GET", url, at = 0, took = 20, headers, body, params, type, status = 200, answer, mime, answered, page, resource }) => ({
    startedDateTime: new Date(Date.UTC(2026, 0, 1) + at).toISOString(), time: took,
    ...(page !== undefined && { pageref: page }), ...(resource !== undefined && { _resourceType: resource }),
    request: {
      method, url, httpVersion: "HTTP/1.1", cookies: [], queryString: [], headersSize: -1, bodySize: -1,
      headers: pairs({ ...browser, ...(type !== undefined && { "Content-Type": type }), ...headers }),
      ...((body !== undefined || params !== undefined) && { postData: { mimeType: type ?? "", ...(params ? { params } : { text: body }) } }),
    },
    response: {
      status, statusText: "", httpVersion: "HTTP/1.1", cookies: [], headers: pairs(answered), redirectURL: "", headersSize: -1, bodySize: -1,
      content: { size: 0, mimeType: mime ?? (answer === undefined ? "text/html" : "application/json"), ...(answer !== undefined && { text: JSON.stringify(answer) }) },
    },
    cache: {}, timings: { send: 0, wait: took, receive: 0 },
  }));
  return JSON.stringify({ log: { version: "1.2", creator: { name: "test", version: "1" }, pages: Object.entries(pages).map(([id, title]) => ({ id, title, startedDateTime: "2026-01-01T00:00:00Z", pageTimings: {} })), entries } });
}
