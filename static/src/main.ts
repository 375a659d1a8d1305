/** The page’s script: everything that lives in the browser starts here. */
export {};
