/** What becomes of curl's options: those that shape a request have a name, the others are passed over. */
type Meaning =
  | "method" | "header" | "data" | "data-raw" | "data-binary" | "data-urlencode" | "json" | "form" | "form-string" | "user" | "cookie" | "agent" | "referer" | "url"
  | "upload" | "bearer" | "range" | "query" | "get" | "head" | "insecure" | "next" | "setting" | "none";

interface Option {
  readonly meaning: Meaning;
  readonly takes: boolean;
}

const shaping: Readonly<Record<string, Option>> = {
  request: { meaning: "method", takes: true }, header: { meaning: "header", takes: true }, data: { meaning: "data", takes: true }, "data-ascii": { meaning: "data", takes: true },
  "data-raw": { meaning: "data-raw", takes: true }, "data-binary": { meaning: "data-binary", takes: true }, "data-urlencode": { meaning: "data-urlencode", takes: true },
  json: { meaning: "json", takes: true }, form: { meaning: "form", takes: true }, "form-string": { meaning: "form-string", takes: true }, user: { meaning: "user", takes: true },
  cookie: { meaning: "cookie", takes: true }, "user-agent": { meaning: "agent", takes: true }, referer: { meaning: "referer", takes: true }, url: { meaning: "url", takes: true },
  "upload-file": { meaning: "upload", takes: true }, "oauth2-bearer": { meaning: "bearer", takes: true }, range: { meaning: "range", takes: true }, "url-query": { meaning: "query", takes: true },
  get: { meaning: "get", takes: false }, head: { meaning: "head", takes: false }, insecure: { meaning: "insecure", takes: false }, next: { meaning: "next", takes: false },
};

/** How to reach the service and to be trusted by it: settings of a driver, which only a person can fit to where the run will be. */
const ofDriver = [
  "proxy", "proxy-user", "noproxy", "preproxy", "socks5", "socks5-hostname", "socks4", "cacert", "capath", "cert", "cert-type", "key", "key-type", "pass", "pinnedpubkey",
  "resolve", "connect-to", "dns-servers", "unix-socket", "interface", "aws-sigv4",
];
const passedWithValue = [
  "output", "output-dir", "max-time", "connect-timeout", "write-out", "cookie-jar", "retry", "retry-delay", "retry-max-time", "limit-rate", "max-redirs", "ciphers",
  "tls-max", "local-port", "keepalive-time", "speed-limit", "speed-time", "stderr", "trace", "trace-ascii", "dump-header", "rate", "parallel-max", "max-filesize",
  "expect100-timeout", "create-file-mode", "time-cond", "curves", "tls13-ciphers",
];
const passedAlone = [
  "silent", "show-error", "fail", "fail-with-body", "fail-early", "verbose", "include", "location", "location-trusted", "compressed", "progress-bar", "no-progress-meter", "no-buffer", "ipv4", "ipv6",
  "http0.9", "http1.0", "http1.1", "http2", "http2-prior-knowledge", "http3", "http3-only", "globoff", "disable", "remote-name", "remote-header-name", "remote-time", "parallel", "parallel-immediate",
  "path-as-is", "tcp-nodelay", "tlsv1", "tlsv1.0", "tlsv1.1", "tlsv1.2", "tlsv1.3", "ssl", "ssl-reqd", "no-keepalive", "styled-output", "junk-session-cookies", "post301", "post302", "post303",
  "retry-all-errors", "retry-connrefused", "create-dirs", "remove-on-error", "basic", "anyauth", "raw", "no-alpn", "proxy-insecure", "ssl-no-revoke", "trace-time", "skip-existing", "remote-name-all", "tr-encoding", "netrc", "netrc-optional", "no-clobber", "tcp-fastopen",
];

const short: Readonly<Record<string, string>> = {
  X: "request", H: "header", d: "data", F: "form", u: "user", b: "cookie", A: "user-agent", e: "referer", T: "upload-file", r: "range", G: "get", I: "head", k: "insecure", ":": "next",
  o: "output", m: "max-time", x: "proxy", U: "proxy-user", w: "write-out", c: "cookie-jar", E: "cert", D: "dump-header", z: "time-cond", Y: "speed-limit", y: "speed-time",
  s: "silent", S: "show-error", f: "fail", v: "verbose", i: "include", L: "location", "#": "progress-bar", N: "no-buffer", "4": "ipv4", "6": "ipv6", "0": "http1.0", g: "globoff",
  q: "disable", O: "remote-name", J: "remote-header-name", R: "remote-time", Z: "parallel", "1": "tlsv1", j: "junk-session-cookies", n: "netrc",
};

const options = new Map<string, Option>([
  ...Object.entries(shaping),
  ...ofDriver.map((name): [string, Option] => [name, { meaning: "setting", takes: true }]),
  ...passedWithValue.map((name): [string, Option] => [name, { meaning: "none", takes: true }]),
  ...passedAlone.map((name): [string, Option] => [name, { meaning: "none", takes: false }]),
]);

/** An option by its long name. */
export const longOption = (name: string): Option | undefined => options.get(name) ?? (options.get(name.replace(/^no-/, ""))?.takes === false ? { meaning: "none", takes: false } : undefined);
/** An option by its letter. */
export const shortOption = (letter: string): Option | undefined => (Object.hasOwn(short, letter) ? options.get(short[letter]!) : undefined);

export type { Meaning };
