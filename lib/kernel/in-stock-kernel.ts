/**
 * The first import of every topic: in a kernel that was started by a stock tslab, the library
 * brings the repairs along. They hold from the next cell on; anywhere else nothing is loaded.
 */
import type * as repair from "./repair";
import { isTslabLoaded } from "./tslab";

if (isTslabLoaded()) (require("./repair") as typeof repair).repairIfStockKernel();
