// What npm and pip print when something outside this repository is wrong.
const networkSigns = [
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "ETIMEDOUT",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "ERR_SOCKET_TIMEOUT",
  "NewConnectionError",
  "ConnectTimeoutError",
  "ReadTimeoutError",
  "NameResolutionError",
  "ProxyError",
];

/** True when the output of npm or pip shows that the network was missing. */
export function isNetworkFailure(output) {
  return networkSigns.some((sign) => output.includes(sign));
}

/** The sentence for a full disk, when the output shows one. */
export function diskFailure(output) {
  if (!/ENOSPC|no space left/i.test(output)) return undefined;
  return "The disk is full: free 2 GB, then run this again.";
}
