import { NotFoundPage } from "@/components/shell/not-found-page";

// Inside the dashboard the navigation stays.
export default NotFoundPage;
