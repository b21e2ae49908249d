export interface CatalogueRow {
  /** What is wrong; `{name}` gaps are filled by the thrower. */
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}

/** Every error that Seatrial throws on purpose; `ERRORS.md` beside this file is made from it. */
export const catalogue = {
  SEA_UNIT_DURATION: { message: "'{text}' is not a duration", hint: 'write a number and one of ms, s, m, h, d without a space, such as "200ms" or "1.5s"' },
  SEA_UNIT_RATE: { message: "'{text}' is not a rate", hint: 'write a number and /s, /m or /h, such as "80/s"' },
  SEA_UNIT_PERCENT: { message: "'{text}' is not a percentage", hint: 'write a number from 0 to 100 and %, such as "0.1%"' },

  SEA_FEED_FILE: { message: "the feeder's file {file} can't be read", hint: "check the path; a relative one counts from the working directory" },
  SEA_FEED_FORM: { message: "the feeder's file {file} is not {form}: {error}", hint: "mend the file, or choose the feeder that fits it (csv, json)" },
  SEA_FEED_EMPTY: { message: "feeder {file} has no row left for user {user}", hint: "give it at least one row per user, or another order than 'unique'" },

  SEA_FEED_DIFFERS: { message: "feeder {file} has {rows} rows in this worker and {others} in another", hint: "let its rows be the same each time they are read, and its file alone while the run is under way; or run with --workers 1" },

  SEA_AIM_EMPTY: { message: "{fault} found nothing to harm: {what}", hint: "check the name, and that the workload is up before the storm" },
  SEA_RESTORE_EMPTY: { message: "no backup of {scope} to restore", hint: 'wait for the first backup before the storm, or take one: restore({ backup: "fresh" })' },

  SEA_CLUSTER_UNKNOWN: { message: "{cluster} has no {what} '{name}'", hint: "it has: {known}" },
  SEA_BACKUP_EMPTY: { message: "{scope} can't be backed up: its data is lost", hint: "restore it first" },

  SEA_SIM_STUCK: { message: "the rehearsal waits for something that never comes: no timer is left at {at}", hint: "await only the session, user.think and the clock in a journey; a rehearsal has no network and no real timers" },
  SEA_SIM_TROUBLE: { message: "{verb} failed: {how}", hint: "this is trouble that a test asked for" },

  SEA_SELF_LAG: { message: "timers of the generator rang up to {worst} late", hint: "ask for less load on this machine, give it a core of its own, and keep long computing and synchronous calls out of journeys" },
  SEA_SELF_CPU: { message: "the generator used {worst} of the one core that a thread can have", hint: "ask for less load, spread it over more threads or machines, or make the journeys cheaper" },
  SEA_SELF_GC: { message: "garbage collection paused the generator for up to {worst} of a second", hint: "let journeys keep and make less: large bodies, long lists, parsing what nobody reads" },
  SEA_SELF_HEAP: { message: "the heap was {worst} full", hint: "find what the journeys keep, or allow more: NODE_OPTIONS=--max-old-space-size=8192" },
  SEA_SELF_STOPPED: { message: "the generator stood still for up to {worst}", hint: "it was stopped, its machine slept, or a synchronous call blocked it: keep the machine awake, and such calls out of journeys" },
  SEA_SELF_CLOCK: { message: "the wall clock jumped by up to {worst}", hint: "the machine slept, or its clock was set: keep it awake, and let NTP slew the clock in place of stepping it" },
  SEA_SELF_STARVED: { message: "the generator waited up to {worst} of a second for a CPU that others used", hint: "end what else runs on the machine, or give the generator a core of its own" },
  SEA_SELF_STOLEN: { message: "the hypervisor gave up to {worst} of the machine's CPU to others", hint: "take a machine with dedicated cores" },
  SEA_SELF_DESCRIPTORS: { message: "touches found no free file descriptor", hint: "ulimit -n 65536, or fewer users or connections (http({ connections })); seatrial doctor shows the limit" },
  SEA_SELF_PORTS: { message: "touches found no free local port or address", hint: "keep connections alive between requests, or widen the range: sudo sysctl -w net.ipv4.ip_local_port_range=\"15000 65000\"; an IPv6 address also needs IPv6 on this machine" },
  SEA_PLAN_DESCRIPTORS: { message: "{users} users with up to {sockets} need up to {most} descriptors, and this process may open {limit}", hint: "ulimit -n 65536, or fewer users or connections; what finds none makes the verdict unsure" },

  SEA_LEDGER_WRITE: { message: "the ledger can't be written: {error}", hint: "free the disk or choose another folder with --out; the run stops and heals, for what is not recorded is not judged" },
  SEA_LEDGER_READ: { message: "the ledger can't be read: {error}", hint: "check the path; a run's ledger is called ledger.ndjson" },
  SEA_LEDGER_FOREIGN: { message: "{path} is not a ledger of Seatrial", hint: "give the ledger.ndjson of a run" },

  SEA_NAME_MISSING: { message: "the {what} has no name", hint: "give it one: reports, budgets and the ledger go by names" },
  SEA_NAME_TWICE: { message: "the {what} name '{name}' is used twice", hint: "give each its own: reports go by names" },
  SEA_NAME_TAKEN: { message: "a journey can't be called '{name}'", hint: "'all' means every journey together in budgets; choose another name" },
  SEA_UNKNOWN_FIELD: { message: "a phase has no field '{field}'", hint: "known are: {known}" },
  SEA_UNKNOWN_JOURNEY: { message: "there is no journey '{journey}'", hint: "known are: {known}" },
  SEA_NO_JOURNEYS: { message: "the scenario has no journey", hint: "give at least one under journeys; with --grep, --tag or --exclude-tag, check that something matches" },
  SEA_NO_PHASES: { message: "the scenario has no phase", hint: 'give at least one, such as { name: "peak", for: "5m", load: { … } }' },
  SEA_JOURNEY: { message: "this is not a journey", hint: "make it with journey(drivers, async (sessions, user) => { … })" },
  SEA_DRIVER: { message: "this is not a driver", hint: "make it with a driver's own function, such as http({ base: … })" },
  SEA_SERVICE_WITHOUT_CLUSTER: { message: "the driver wants service '{service}' of a cluster, and the scenario has none", hint: "give the scenario a cluster, or the driver a base address" },
  SEA_SERVICE_UNKNOWN: { message: "cluster '{cluster}' has no service '{service}'", hint: "known are: {known}" },
  SEA_SETUP: { message: "this is not a setup", hint: "make it with setup(drivers, async (sessions) => { … })" },
  SEA_SETUP_DATA: { message: "the setup's answer can't be handed to the users: {error}", hint: "answer plain data: text, numbers, lists, and objects of these; no functions or sessions" },
  SEA_SETUP_FOREIGN: { message: "journey {journey} asks for what another setup would give", hint: "name this setup in the scenario: scenario({ setup, … })" },
  SEA_MEASURE: { message: "'{value}' is no time to measure as '{name}'", hint: "give milliseconds: a number of at least 0" },
  SEA_COUNT: { message: "'{value}' is not a whole number of at least {least}", hint: "write a whole number" },
  SEA_TIME_ZERO: { message: "this time must be longer than nothing", hint: 'write a duration such as "30s"' },
  SEA_PACE: { message: "{value} is not a pace", hint: "make it with arrivals, users, times, shape or split" },
  SEA_PACE_WITHOUT_LENGTH: { message: "a pace of {pace} goes on for ever, and the phase has no length", hint: 'give the phase `for: "5m"`, or the journey times(n)' },
  SEA_RAMP_WITHOUT_LENGTH: { message: "the ramp has no length, for neither it nor its phase has one", hint: 'give the ramp `over: "1m"`' },
  SEA_WEIGHTS: { message: "the weights {weights} can't be shared out", hint: "weights are numbers of at least 0, and one is above 0" },
  SEA_BUDGET: { message: "'{value}' is not a budget", hint: 'write an object such as { p95: "200ms", errors: "0.1%" }' },
  SEA_BUDGET_FIELD: { message: "a budget here has no field '{field}'", hint: "known are: p50 to p100, max, mean, errors, dropped (not in steps), minRate, every, from, abort, walk and steps (of a journey)" },
  SEA_BUDGET_FROM: { message: "latency can't count from '{value}'", hint: 'write "due" or "began"' },
  SEA_BUDGET_ABORT: { message: "'{value}' does not say when to abort", hint: 'write true, false or { after: "10s" }' },
  SEA_PROBE: { message: "this is not a probe", hint: "make it with probe(name, { ask: async () => ({ value: … }) })" },
  SEA_FAULT: { message: "this is not a fault", hint: "make it with a fault's own function, such as podLoss(\"shop\")" },
  SEA_FAULT_WITHOUT_CLUSTER: { message: "{fault} has nothing to harm: the scenario has no cluster", hint: "give the scenario `cluster: local({ … })` or another" },
  SEA_FAULT_WITHOUT_RECOVERY: { message: "nobody has promised to repair {fault}", hint: 'give the phase `recover: { by: "platform", within: "1m" }` or another' },
  SEA_RECOVERY_UNFIT: { message: "recovery by {by} can't mend {fault}", hint: "it is mended by: {fit}" },
  SEA_RECOVERY_WITHOUT_TIME: { message: "the recovery has no time", hint: 'say by when, such as `within: "1m"`' },
  SEA_STORM_WITH_LENGTH: { message: "a phase with a fault lasts until it is repaired, and can't have a length too", hint: "leave `for` out; `after` and `hold` give load before the harm and after the repair" },
  SEA_NOT_ALLOWED: { message: "cluster '{cluster}' may not lose {cost}", hint: "allow it in the cluster's mayLose, or harm less" },

  SEA_VERB_HANGS: { message: "{what} did not answer within {seconds} s", hint: "see whether the cluster answers at all (seatrial doctor); the run heals what it can" },
  SEA_NOT_HEALED: { message: "{fault} was still there {time} after healing began", hint: "run `seatrial heal` with the run's ledger once the cluster answers, then look at the cluster yourself" },
  SEA_HARM_UNSEEN: { message: "{fault} was injected, but no harm was seen within {time}", hint: "nothing was tested: aim at something that carries load, or look faster than the platform repairs" },

  SEA_WORKERS: { message: "'{value}' is no number of workers", hint: "write a whole number from 1 to {most}, or auto: one for each core but one" },
  SEA_WORKER_DIFFERS: { message: "worker {worker} read another scenario than the main thread, in {parts}", hint: "a file must describe the same each time it is loaded, so no chance, time or thread in it; and don't edit it while it runs" },
  SEA_WORKER_START: { message: "worker {worker} did not start: {error}", hint: "load the file with --workers 1 to see whether it needs something that only a main thread has, such as process.chdir; memory may be short, too" },
  SEA_WORKER_LOST: { message: "worker {worker} died {times} times: {why}", hint: "see whether a journey ends the process, blocks the event loop or fills the memory; --workers 1 shows it in the open" },

  SEA_LOAD_FILE: { message: "there is no file {file}", hint: "check the path; a relative one counts from the working directory" },
  SEA_LOAD_DEFAULT: { message: "{file} has no default export", hint: "write: export default scenario({ … })" },
  SEA_LOAD_SCENARIO: { message: "{file} exports {what} by default, not a scenario", hint: 'make it with scenario({ … }) from "seatrial"' },
  SEA_LOAD_SYNTAX: { message: "the file can't be read as a module: {error}", hint: "mend the line; a .js file with import and export needs \"type\": \"module\" in package.json, or the ending .mjs or .ts" },
  SEA_LOAD_NAME: { message: "an import does not fit: {error}", hint: "check the spelling; a name that is only a type needs import type" },
  SEA_LOAD_TYPESCRIPT: { message: "this TypeScript can't run without a build: {error}", hint: "use erasable syntax: a const object or a union in place of an enum, fields in place of parameter properties; tsc --erasableSyntaxOnly finds them all" },
  SEA_LOAD_PACKAGE: { message: "the package {package} is not installed", hint: "npm install --save-dev {package}" },
  SEA_LOAD_IMPORT: { message: "the import {wanted} is not there", hint: "check its path and spelling; it counts from the file that imports it" },
  SEA_LOAD_DOOR: { message: "Seatrial has no door {specifier}", hint: "its doors are {doors}" },
  SEA_LOAD_THROWN: { message: "the file threw while it was loaded: {error}", hint: "a scenario file only describes; do in a journey what can fail" },

  SEA_IMPORT_READ: { message: "the input {file} can't be read: {error}", hint: "check the path, or give - and the input on standard input" },
  SEA_IMPORT_LONG: { message: "the input has more than {limitMb} MB", hint: "record less in one go, or leave the bodies of the answers out of the export" },
  SEA_IMPORT_EXISTS: { message: "{file} is there already", hint: "choose another --out, or remove it first: an import overwrites nothing" },
  SEA_IMPORT_WRITE: { message: "the scenario can't be written to {file}: {error}", hint: "choose another --out; its folder must be there" },
  SEA_IMPORT_JSON: { message: "the input is not JSON: {why}", hint: "export it again; a file that was cut off can't be imported" },
  SEA_IMPORT_YAML: { message: "the input is neither JSON nor YAML: {why}", hint: "mend it there, or export it again" },
  SEA_IMPORT_SHAPE: { message: "expected {wanted} here, found {found}", hint: "see that the file is of the format that was named, and that nothing cut it off" },
  SEA_IMPORT_FORMAT: { message: "expected {wanted} here, and this is {found}", hint: "{hint}" },
  SEA_IMPORT_URL: { message: "this is not an http or https address", hint: "write it out with its scheme and host, such as https://shop.example/items; a variable can stand in its path and query alone" },
  SEA_IMPORT_BODY: { message: "the body can't be written: {why}", hint: "shorten its example in the description, or take the operation out and write it by hand" },
  SEA_IMPORT_SHELL: { message: "the command can't be read: {why}", hint: "give curl commands alone, quoted as for bash (in a browser: Copy as cURL (bash), not (cmd))" },
  SEA_IMPORT_REF: { message: "the reference {ref} can't be followed: {why}", hint: "bundle the description into one file first, for example by `npx @redocly/cli bundle`" },
  SEA_IMPORT_EMPTY: { message: "no request is left to write a journey of ({notes})", hint: "record again with the network panel open before the first page, or bring back what was left out" },

  SEA_INIT_MANIFEST: { message: "{file} is not JSON: {error}", hint: "mend it, or begin in an empty folder: seatrial init FOLDER" },

  SEA_USAGE: { message: "{what}", hint: "{hint}" },
  SEA_FOLDER: { message: "folder {folder} can't be written: {error}", hint: "free the disk, or choose another folder with --out" },
  SEA_NO_CONSENT: { message: "the scenario breaks things on '{cluster}', and nobody has consented", hint: "look at `seatrial plan` first, then add --harm {cluster}" },

  SEA_UI_ADDRESS: { message: "'{text}' is not an address for the live page", hint: "write --ui alone, or --ui=HOST:PORT such as --ui=127.0.0.1:8089; the scenario's file stands before it" },
  SEA_UI_LISTEN: { message: "the live page can't listen on {address}: {error}", hint: "choose another port or an address of this machine; --ui alone takes any free port" },

  SEA_HTTP_SETTING: { message: "'{value}' won't do as {setting} of http()", hint: "give {form}" },
  SEA_HTTP_BASE: { message: "'{base}' is not a base address", hint: 'write an http or https address without login, query or fragment, such as "https://shop.example/api"; logins go in auth' },
  SEA_HTTP_SERVICE: { message: "the cluster has no service '{service}' to talk to", hint: "name one that it has, or give http() a base" },
  SEA_HTTP_METHOD: { message: "'{method}' is not an HTTP method", hint: 'write it in capitals, such as "REPORT"' },
  SEA_HTTP_PATH: { message: "'{path}' is not a path", hint: 'begin it with / or write a whole http or https address' },
  SEA_HTTP_HEADER: { message: "header '{name}' can't be sent: {why}", hint: "change or remove it; what is not plain text must be encoded first" },
  SEA_HTTP_BODY: { message: "a {what} can't be sent as a body", hint: "give text, bytes, a stream that was not read yet, file(), stream(), form(), multipart(), or a plain object or list for JSON" },
  SEA_HTTP_FILE: { message: "the file {path} can't be sent: {error}", hint: "check the path; a relative one counts from the working directory" },
  SEA_HTTP_JSON: { message: "the answer to {request} is not JSON: it begins with {begins}", hint: "read it with text(), or expect another answer" },
  SEA_HTTP_DECODE: { message: "the answer to {request} can't be unpacked as {encoding}: {error}", hint: "its bytes are in reply.bytes; the service names an encoding it did not use, or the body unpacks to more than bodyLimitBytes" },
  SEA_LOCAL_SETTINGS: { message: "the local cluster can't use its setting {setting}: {why}", hint: "mend the settings given to local()" },
  SEA_LOCAL_START: { message: "the local cluster did not start: {why}{output}", hint: "run the start command by hand with PORT set, and see that it stays, listens on 127.0.0.1:$PORT and becomes ready" },
  SEA_LOCAL_GONE: { message: "the local cluster '{name}' does not answer any more: {error}", hint: "its supervisor ended, and everything it ran ended with it; start anew" },
  SEA_LOCAL_OTHER: { message: "a local cluster '{name}' is up with other settings than the scenario's", hint: "end it with `seatrial local down`, or give one of the two another name" },
  SEA_LOCAL_FOLDER: { message: "{folder} is no folder of a local cluster", hint: "give a folder that is empty or does not exist" },
  SEA_LOCAL_BACKUP: { message: "data scope '{scope}' can't be backed up: {why}", hint: "restore it first, or choose a backup that was taken before" },
  SEA_HEAL_KIND: { message: "a cluster of kind '{kind}' can't be found again from another process", hint: "heal it by the tools of the cluster itself" },
  SEA_HEAL_FAULT: { message: "nobody knows how to heal a {fault}", hint: "it is a fault of the scenario's own: let {file} be as it was during the run, and heal by the ledger" },
  SEA_NOT_REHEARSABLE: { message: "a driver of kind {kind} can't be rehearsed", hint: "rehearse the journeys that can be (--grep), and run the others for real" },
  SEA_HEAL_ALIVE: { message: "the run is still under way (process {pid}), and heals what it breaks", hint: "stop it with Ctrl-C or SIGTERM; --force heals beside it, and spoils its verdict" },
} as const satisfies Record<string, CatalogueRow>;

/** A code of the catalogue. */
export type ErrorCode = keyof typeof catalogue;
