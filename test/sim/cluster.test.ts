import { clusterContract } from "../contract/cluster.ts";
import { simFacts } from "./sea.ts";

clusterContract("sim", simFacts);
