SwaggerUIBundle({ url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true, supportedSubmitMethods: [], validatorUrl: "none" });
