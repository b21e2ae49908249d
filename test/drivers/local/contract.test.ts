import { clusterContract } from "../../contract/cluster.ts";
import { faultContract, neutralFaults } from "../../contract/fault.ts";
import { facts } from "./sea.ts";

clusterContract("local", facts);
faultContract("local", facts, neutralFaults(facts));
