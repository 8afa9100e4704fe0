import { NotFoundPage } from "@/components/shell/plain-page";

// Inside the dashboard the navigation stays.
export default NotFoundPage;
