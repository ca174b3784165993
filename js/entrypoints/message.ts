/** Messages: loaded when the first one is to be shown. */
export { showMessage } from "../page/message.js";
