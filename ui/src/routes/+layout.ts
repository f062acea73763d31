/** A window has no server: everything is rendered where it is shown. */
export const ssr = false;
export const prerender = false;
