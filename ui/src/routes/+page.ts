import { redirect } from '@sveltejs/kit';
import { listAddress } from '$lib/address';

/** The window opens on what there is to find. */
export function load(): never {
  redirect(307, listAddress('model'));
}
