import type { Platform } from '$lib/api/platform';
import { createContext } from 'svelte';

export const [getPlatform, setPlatform] = createContext<Platform>();
