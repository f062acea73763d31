import type { ApiError, Session, UiEvent } from '$lib/api/bindings';
import { vi } from 'vitest';
import type { AnswerOf, Command, Platform, ReplyOf, RequestOf } from '$lib/api/platform';
import { Resources } from './resource.svelte';

interface Asked {
  command: Command;
  request: unknown;
  /** Answers; `asOf` says since when that is known, if it is not as it is now. */
  answer: (value: unknown, asOf?: number) => Promise<void>;
  fail: (error: ApiError) => Promise<void>;
}

/** Answers, what is kept of them, and what was entered: for tests of what changes the session. */
export function fakeWorld() {
  const platform = new FakePlatform();
  const resources = new Resources(platform);
  const enter = vi.fn<(session: Session) => void>();
  return { platform, resources, enter };
}

/** A platform for tests: it answers when the test says so, and in the order it says. */
export class FakePlatform implements Platform {
  readonly kind = 'browser';
  readonly asked: Asked[] = [];
  send: (event: UiEvent) => void = () => undefined;
  lose: () => void = () => undefined;
  subscriptions = 0;

  call<C extends Command>(command: C, request: RequestOf<C>): Promise<AnswerOf<C>> {
    return this.#question(command, request, (answer) => answer as AnswerOf<C>);
  }

  ask<C extends Command>(command: C, request: RequestOf<C>): Promise<ReplyOf<C>> {
    return this.#question(command, request, (answer, asOf) => ({
      answer: answer as AnswerOf<C>,
      asOf,
    }));
  }

  #question<T>(
    command: Command,
    request: unknown,
    make: (answer: unknown, asOf: number | null) => T,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      this.asked.push({
        command,
        request,
        answer: (value, asOf) => settle(() => resolve(make(value, asOf ?? null))),

        fail: (error) => settle(() => reject(error)),
      });
    });
  }

  subscribe(onEvent: (event: UiEvent) => void, onLost: () => void): () => void {
    this.subscriptions += 1;
    this.send = onEvent;
    this.lose = onLost;
    return () => undefined;
  }

  /** Waits until so many questions were asked. */
  async isAsked(times = 1): Promise<void> {
    await vi.waitUntil(() => this.asked.length >= times);
  }

  /** The question asked last, or at `index` from the start. */
  question(index = this.asked.length - 1): Asked {
    const asked = this.asked[index];
    if (!asked) throw new Error(`nothing was asked at ${index}`);
    return asked;
  }
}

/** Lets everything that waits for an answer run before the test goes on. */
async function settle(act: () => void): Promise<void> {
  act();
  await new Promise<void>((resolve) => {
    queueMicrotask(() => {
      queueMicrotask(resolve);
    });
  });
}
