/** Where protocols run. The simulator is the first host; others come with their rows. */
export * from "./simulator";
