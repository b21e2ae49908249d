import { suite, type SuiteSession } from "../../../drivers/suite/index.ts";
import { driverContract } from "../../contract/driver.ts";
import { failureOfRun, folderWith, junit } from "./worlds.ts";

/** A suite that does what the file `next` says, and writes down that it ran. */
const script = `echo run >> seen
case "$(cat next)" in
  ok) echo '${junit()}' ;;
  refused) echo '${junit("<failure>no</failure>")}'; exit 1 ;;
  hang) exec sleep 120 ;;
  sign) touch "$SEATRIAL_FOLDER/signed"; echo '${junit()}' ;;
  ask) if [ -f "$SEATRIAL_FOLDER/signed" ]; then echo '${junit()}'; else echo '${junit("<failure>who?</failure>")}'; exit 1; fi ;;
esac
`;

driverContract<SuiteSession>("suite", async () => {
  const { folder, read, write } = folderWith({ "suite.sh": script, seen: "" });
  const run = (session: SuiteSession, next: string) => {
    write("next", next);
    return session.run();
  };
  return {
    driver: suite({ run: "sh suite.sh", reads: "junit", cwd: folder }).drivers.suite,
    seen: () => read("seen").length,
    touchOk: (session) => run(session, "ok"),
    touchRefused: (session) => run(session, "refused"),
    touchHang: (session) => run(session, "hang"),
    signIn: (session) => run(session, "sign"),
    async isSignedIn(session) {
      write("next", "ask");
      return (await failureOfRun(session)) === undefined;
    },
    stop: async () => undefined,
  };
});
