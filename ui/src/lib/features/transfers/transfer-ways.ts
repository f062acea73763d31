/** Where the buttons of a transfer lead that are not about the transfer alone. */
export interface TransferWays {
  /** To where one signs in at a Hub. */
  signIn: (endpoint: string) => void;
  /** To a screen. */
  go: (address: string) => void;
  /** To the question whether files that are in the way are to be replaced. */
  replaceFiles: (id: number) => void;
  /** To the secrets that an upload has stopped at. */
  lookAtSecrets: (id: number) => void;
  /** To what taking an upload back would do. */
  undo: (id: number) => void;
}
