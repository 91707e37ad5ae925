import "../kernel/in-stock-kernel";
export * as aadhaar from "./aadhaar";
export * as eci from "./eci";
export * as flipkart from "./flipkart";
export * as irctc from "./irctc";
export * as paytm from "./paytm";
export * as swiggy from "./swiggy";
export * as whatsapp from "./whatsapp";
export * as zomato from "./zomato";
