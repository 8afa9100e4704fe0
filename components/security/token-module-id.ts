/** The heading of the region *Account Security Token*. */
export const tokenModuleId = "account-security-token";
