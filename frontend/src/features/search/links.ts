// Where a hit leads: within the app that is open, or with another page load into the portal.
export type Link = { to: string; href?: never } | { to?: never; href: string }
