/** Why a page did not come, in the browser's own words. */
const causes: readonly (readonly [pattern: RegExp, cause: string, outcome: "refused" | "unsure"])[] = [
  [/ERR_CONNECTION_REFUSED|ERR_ADDRESS_UNREACHABLE|ERR_INTERNET_DISCONNECTED|NS_ERROR_CONNECTION_REFUSED|Could not connect|connectionFailure|connection ?refused/i, "refused", "refused"],
  [/ERR_NAME_NOT_RESOLVED|NS_ERROR_UNKNOWN_HOST|Could not resolve|dnsNotFound/i, "dns", "refused"],
  [/ERR_CERT_|ERR_SSL_|SSL_ERROR|SEC_ERROR|MOZILLA_PKIX|certificate|insecure certificate/i, "tls", "refused"],
  [/ERR_PROXY|ERR_TUNNEL|NS_ERROR_PROXY/i, "proxy", "refused"],
  [/ERR_TOO_MANY_REDIRECTS|NS_ERROR_REDIRECT_LOOP/i, "too many redirects", "refused"],
  [/ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_SOCKET|NS_ERROR_NET_RESET|NS_ERROR_NET_INTERRUPT|netReset/i, "reset", "unsure"],
  [/ERR_(CONTENT_LENGTH_MISMATCH|INCOMPLETE_CHUNKED_ENCODING|INVALID_RESPONSE|INVALID_HTTP_RESPONSE|HTTP2_PROTOCOL_ERROR)/, "protocol", "unsure"],
  [/ERR_(TIMED_OUT|CONNECTION_TIMED_OUT)|NS_ERROR_NET_TIMEOUT/i, "timeout", "unsure"],
  [/ERR_(FAILED|UNKNOWN|UNSAFE_PORT|BLOCKED_BY_\w+)/, "failed", "unsure"],
  [/ERR_ABORTED|NS_BINDING_ABORTED|interrupted by another navigation|Download is starting/i, "cut short", "unsure"],
];

/** The cause of a page that did not come; undefined for a message that does not speak of one. */
export function causeOfNetwork(message: string): { readonly cause: string; readonly outcome: "refused" | "unsure"; readonly error: string } | undefined {
  const found = causes.find(([pattern]) => pattern.test(message));
  if (!found) return undefined;
  const [code] = /net::\w+|NS_\w+|SEC_\w+|SSL_\w+/.exec(message) ?? [message.split("\n")[0]!.slice(0, 200)];
  return { cause: found[1], outcome: found[2], error: code };
}
