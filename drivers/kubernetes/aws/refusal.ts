import { problem, SeatrialError, type ErrorCode } from "../../../src/units/errors.ts";

/** What the SDK throws, as far as it is looked at. */
interface Thrown {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
}

/** The codes of AWS and of the SDK by what they mean; EC2, Auto Scaling, FIS and STS each have words of their own. */
const meanings: readonly (readonly [ErrorCode, RegExp])[] = [
  ["SEA_AWS_DENIED", /^(UnauthorizedOperation|AccessDenied(Exception)?|NotAuthorized)$/],
  ["SEA_AWS_EXPIRED", /^(ExpiredToken(Exception)?|RequestExpired|InvalidClientTokenId|UnrecognizedClientException|AuthFailure|SignatureDoesNotMatch|InvalidSignature(Exception)?|InvalidToken|MissingAuthenticationToken(Exception)?)$/],
  ["SEA_AWS_CREDENTIALS", /^(CredentialsProviderError|TokenProviderError|ProviderError|SSOTokenProviderFailure|ParserError)$/],
  ["SEA_AWS_THROTTLED", /^(RequestLimitExceeded|Throttling(Exception)?|ThrottledException|TooManyRequestsException|RequestThrottled(Exception)?|SlowDown|BandwidthLimitExceeded)$/],
  ["SEA_AWS_FORBIDS", /^(OperationNotPermitted|Incorrect(Instance)?State|UnsupportedOperation|ScalingActivityInProgress|ResourceContention|ConflictException|ServiceQuotaExceededException|\w*LimitExceeded|Insufficient\w*Capacity)$/],
  ["SEA_AWS_AWAY", /^(TimeoutError|RequestTimeout(Exception)?|NetworkingError|Unavailable|ServiceUnavailable(Exception)?|Internal(Error|Failure|ServerException|ServiceError)|ECONN\w+|ENOTFOUND|ETIMEDOUT|EPIPE|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/],
];

/** The code by which AWS, the SDK or the socket calls it. */
export const codeOf = (error: unknown): string => {
  const { name, code } = (error ?? {}) as Thrown;
  // A socket's error is called Error; AggregateError where several addresses were tried.
  return (name === undefined || name === "Error" || name === "AggregateError" ? code : name) ?? "";
};

/** "User: arn:… is not authorized to perform: ec2:StopInstances on resource: arn:… because …". */
const sentence = /User: (\S+) is not authorized to perform: ([\w-]+:\w+)(?: on resource: (\S+))?(?:[, ]*((?:because|with) [^.]*))?/;

/** An encoded message is of no use to a reader, and longer than all the rest. */
const short = (text: string): string => text.replace(/\s*Encoded authorization failure message: \S+/, "").trim().replace(/\.$/, "").slice(0, 400);

/**
 * The error of the catalogue for what a call of AWS threw.
 *
 * @param action in IAM's words, such as "ec2:StopInstances"
 */
export function refusalOf(action: string, error: unknown, place?: string): SeatrialError {
  if (error instanceof SeatrialError) return error;
  const { message = "", $metadata } = (error ?? {}) as Thrown;
  const code = codeOf(error);
  const meaning = meanings.find(([, pattern]) => pattern.test(code))?.[0] ?? (($metadata?.httpStatusCode ?? 0) >= 500 ? "SEA_AWS_AWAY" : "SEA_AWS_REFUSED");
  const why = short(message) || code || String(error);
  if (meaning === "SEA_AWS_DENIED") {
    const [, who = "this user", lacking = action, on, because] = sentence.exec(message) ?? [];
    return problem(meaning, { who, action: lacking, on: on === undefined || on === "*" ? "" : ` on ${on}`, because: because === undefined ? "" : `, ${short(because)}` }, place, error);
  }
  return problem(meaning, { action, code: code || "an error without a code", why, tries: $metadata?.attempts ?? 1 }, place, error);
}

/** Makes one call, and tells what is wrong in words of the catalogue. */
export async function asked<T>(action: string, act: () => Promise<T>, place?: string): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw refusalOf(action, error, place);
  }
}
