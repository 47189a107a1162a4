/** A console log that a boot makes, and what is to be read in it. */
export interface Recording {
  /** The file's name in `console/`, without `.log`. */
  name: string;
  /** What boots, with what is special about it; versions and date are added. */
  what: string;
  /** The phases that must be seen, in order. */
  phases: string;
  /** The code of the failure that must be recognised, or `none`. */
  failure: string;
  record(place: Place): Promise<Buffer>;
}

export interface Place {
  /** Directory of the built reference images; only read. */
  reference: string;
  /** An empty directory that goes away. */
  scratch: string;
}
