/** SDK v2 is at the end of its support, and says so wherever it is loaded. Here it judges, and nothing of ours uses it. */
process.env.AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE = 'yes';
