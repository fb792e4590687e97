// The parts of vis-network that the explorer draws with, under the names that pyvis's own copy has.
export { DataSet } from "vis-data/esnext";
export { Network } from "vis-network/esnext";
