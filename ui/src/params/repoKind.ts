import type { ParamMatcher } from '@sveltejs/kit';
import { isKindSegment } from '$lib/address';

/** The first part of a repository's address, as on the Hub. */
export const match = ((param) => isKindSegment(param)) satisfies ParamMatcher;
