import { describe, expect, test } from "vitest";
import { asked, codeOf, refusalOf } from "../../../../drivers/kubernetes/aws/refusal.ts";
import { problem } from "../../../../src/units/errors.ts";

const thrown = (name: string, message = "in its words", more: object = {}) => Object.assign(new Error(message), { name, ...more });

describe("what AWS throws, and what it is called", () => {
  test.each([
    ["UnauthorizedOperation", "SEA_AWS_DENIED"], ["AccessDenied", "SEA_AWS_DENIED"], ["AccessDeniedException", "SEA_AWS_DENIED"],
    ["ExpiredToken", "SEA_AWS_EXPIRED"], ["ExpiredTokenException", "SEA_AWS_EXPIRED"], ["RequestExpired", "SEA_AWS_EXPIRED"], ["AuthFailure", "SEA_AWS_EXPIRED"], ["InvalidClientTokenId", "SEA_AWS_EXPIRED"], ["UnrecognizedClientException", "SEA_AWS_EXPIRED"],
    ["CredentialsProviderError", "SEA_AWS_CREDENTIALS"], ["TokenProviderError", "SEA_AWS_CREDENTIALS"],
    ["RequestLimitExceeded", "SEA_AWS_THROTTLED"], ["Throttling", "SEA_AWS_THROTTLED"], ["ThrottlingException", "SEA_AWS_THROTTLED"], ["TooManyRequestsException", "SEA_AWS_THROTTLED"],
    ["OperationNotPermitted", "SEA_AWS_FORBIDS"], ["IncorrectInstanceState", "SEA_AWS_FORBIDS"], ["InsufficientInstanceCapacity", "SEA_AWS_FORBIDS"], ["VcpuLimitExceeded", "SEA_AWS_FORBIDS"], ["ServiceQuotaExceededException", "SEA_AWS_FORBIDS"],
    ["TimeoutError", "SEA_AWS_AWAY"], ["InternalError", "SEA_AWS_AWAY"], ["ServiceUnavailable", "SEA_AWS_AWAY"],
    ["InvalidGroup.NotFound", "SEA_AWS_REFUSED"], ["ValidationError", "SEA_AWS_REFUSED"],
  ])("%s is %s", (name, code) => expect(refusalOf("ec2:StopInstances", thrown(name))).toMatchObject({ code }));

  test.each(["ECONNREFUSED", "ENOTFOUND", "ETIMEDOUT", "ECONNRESET"])("a socket's %s", (code) => {
    expect(refusalOf("ec2:StopInstances", thrown("Error", "no", { code }))).toMatchObject({ code: "SEA_AWS_AWAY", message: expect.stringContaining(code) });
  });
  test("an error of the server that has no known name", () => {
    expect(refusalOf("ec2:StopInstances", thrown("Odd", "odd", { $metadata: { httpStatusCode: 502 } }))).toMatchObject({ code: "SEA_AWS_AWAY" });
  });
  test.each([undefined, null, "words", {}])("%j is told, too", (value) => expect(refusalOf("ec2:StopInstances", value)).toMatchObject({ code: "SEA_AWS_REFUSED" }));
  test("an error of ours stays as it is", async () => {
    const own = problem("SEA_AWS_GONE");
    await expect(asked("ec2:StopInstances", () => Promise.reject(own))).rejects.toBe(own);
    expect(codeOf(own)).toBe("SeatrialError");
  });
});

describe("a refusal names who, what and on which", () => {
  test.each([
    [
      "You are not authorized to perform this operation. User: arn:aws:iam::123456789012:user/ada is not authorized to perform: ec2:StopInstances on resource: arn:aws:ec2:eu-central-1:123456789012:instance/i-0123456789abcdef0 because no identity-based policy allows the ec2:StopInstances action. Encoded authorization failure message: AAAA-BBBB",
      "arn:aws:iam::123456789012:user/ada may not do ec2:StopInstances on arn:aws:ec2:eu-central-1:123456789012:instance/i-0123456789abcdef0, because no identity-based policy allows the ec2:StopInstances action",
    ],
    [
      "User: arn:aws:sts::123456789012:assumed-role/r/s is not authorized to perform: fis:StartExperiment on resource: arn:aws:fis:eu-central-1:123456789012:experiment-template/EXT1 with an explicit deny in a service control policy",
      "arn:aws:sts::123456789012:assumed-role/r/s may not do fis:StartExperiment on arn:aws:fis:eu-central-1:123456789012:experiment-template/EXT1, with an explicit deny in a service control policy",
    ],
    ["User: arn:aws:iam::123456789012:user/ada is not authorized to perform: sts:AssumeRole", "arn:aws:iam::123456789012:user/ada may not do sts:AssumeRole"],
    ["You are not authorized to perform this operation.", "this user may not do ec2:RunSomething"],
  ])("%s", (message, said) => expect(refusalOf("ec2:RunSomething", thrown("UnauthorizedOperation", message)).message).toBe(said));
});
