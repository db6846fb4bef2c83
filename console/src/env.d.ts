/// <reference types="vite/client" />
import "vue-router";
import type { Permission } from "@/texts/permissions";

declare module "vue-router" {
  interface RouteMeta {
    /** The page's name in title, breadcrumbs and navigation. */
    title?: string;
    /** What one must be allowed to do to see the page. */
    permission?: Permission;
    /** Shown without being signed in. */
    isPublic?: boolean;
    /** Shown without navigation and header. */
    isFullScreen?: boolean;
  }
}
