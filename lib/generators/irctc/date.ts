/** The day that the logs are of: a Thursday. */
export const irctcDate = "2026-01-15";
