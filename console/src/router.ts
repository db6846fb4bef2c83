import { nextTick } from "vue";
import { createRouter, createWebHistory } from "vue-router";
import { asProblem } from "@/api/problem";
import { showProblem } from "@/components/toasts";
import { domains, navigation } from "@/domains";
import { forgetPageTitle } from "@/shell/title";
import { isReady, may, restoreSession, signOut } from "@/session/session";

export const router = createRouter({
  history: createWebHistory("/console/"),
  routes: [
    {
      path: "/sign-in",
      name: "sign-in",
      component: () => import("@/session/SignInPage.vue"),
      meta: { title: "登录", isPublic: true },
    },
    {
      path: "/sign-out",
      name: "sign-out",
      component: () => import("@/session/SignInPage.vue"),
      // Asked only when the page before lets go of what is typed there.
      beforeEnter: endSession,
      meta: { isPublic: true },
    },
    {
      path: "/invitation",
      name: "invitation",
      component: () => import("@/session/InvitationPage.vue"),
      meta: { title: "接受邀请", isPublic: true },
    },
    {
      path: "/",
      component: () => import("@/shell/AppShell.vue"),
      children: [
        // Decided on entering, when it is known who is signed in.
        { path: "", name: "home", component: { render: () => null }, beforeEnter: firstPage },
        ...domains.flatMap((domain) => domain.routes),
        {
          path: ":anything(.*)*",
          name: "missing",
          component: () => import("@/shell/MissingPage.vue"),
          meta: { title: "没有这个页面" },
        },
      ],
    },
  ],
});

/** The first page of the navigation this person may see. */
function firstPage(): string {
  return navigation.find((entry) => may(entry.permission))?.to ?? "/account";
}

async function endSession() {
  try {
    await signOut();
    return { name: "sign-in" };
  } catch (error) {
    showProblem(asProblem(error));
    return false;
  }
}

router.beforeEach(async (to) => {
  if (to.meta.isPublic) return true;
  await restoreSession();
  if (!isReady.value) return { name: "sign-in", query: { return: to.fullPath } };
  return true;
});

router.afterEach(async (to, from, failure) => {
  if (failure || to.path === from.path) return;
  forgetPageTitle();
  // Who cannot see the page must be told that it changed; the first load is the browser's to tell.
  if (from.matched.length === 0) return;
  await nextTick();
  const heading = document.querySelector<HTMLElement>("main h1") ?? document.querySelector("main");
  heading?.focus({ preventScroll: true });
});

/** The page to return to after signing in; never one outside the console. */
export function returnPath(value: unknown): string {
  const path = typeof value === "string" ? value : "";
  const isOurs = path.startsWith("/") && router.resolve(path).name !== "sign-in";
  return isOurs ? path : "/";
}
