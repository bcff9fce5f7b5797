/**
 * SDK v2 is at the end of its support, and says so wherever it is loaded. It is here for the two services of which this project has no
 * client of v3, and no other use.
 */
process.env.AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE = 'yes';
