export { formatEdnHistory, parseEdnHistory } from "./edn-history";
export { withIndependentKeys } from "./independent";
export { parseJepsenLog } from "./jepsen-log";
export { formatJsonHistory, parseJsonHistory } from "./json-lines";
export { parseHistory, readHistory } from "./read";
