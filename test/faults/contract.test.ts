import { faultContract, neutralFaults } from "../contract/fault.ts";
import { simFacts } from "../sim/sea.ts";

faultContract("sim", simFacts, neutralFaults(simFacts));
